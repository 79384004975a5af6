import { Alert } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";

/** Says that something was done; read out by screen readers, gone when dismissed. */
export function Notice({ text, dismiss }: { text: string | null; dismiss: () => void }) {
  return (
    <div role="status" className="notice">
      {text && (
        <Alert
          color="teal"
          icon={<IconCheck aria-hidden />}
          title={text}
          withCloseButton
          closeButtonLabel="Dismiss"
          onClose={dismiss}
        />
      )}
    </div>
  );
}
