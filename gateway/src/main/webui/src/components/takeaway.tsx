import { Button, Code, CopyButton, Group } from "@mantine/core";

/** A text to take along, in full and with a button that copies it. */
export function Takeaway({ text, testId }: { text: string; testId?: string }) {
  return (
    <Group wrap="nowrap" align="start">
      <Code block flex={1} className="changed" data-testid={testId}>
        {text}
      </Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy}>
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
