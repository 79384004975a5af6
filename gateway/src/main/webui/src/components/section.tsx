import { Card, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

/** A part of a page with a heading of its own. */
export function Section(props: { title: string; about?: ReactNode; danger?: boolean; children: ReactNode }) {
  const id = useId();
  return (
    <Card
      withBorder
      component="section"
      aria-labelledby={id}
      style={props.danger ? { borderColor: "var(--mantine-color-red-outline)" } : undefined}
    >
      <Stack gap="sm">
        <div>
          <Title order={2} size="h4" id={id}>
            {props.title}
          </Title>
          {props.about && (
            <Text c="dimmed" size="sm">
              {props.about}
            </Text>
          )}
        </div>
        {props.children}
      </Stack>
    </Card>
  );
}
