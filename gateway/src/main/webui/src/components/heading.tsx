import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** The top of a page: what it is, one sentence about it, and its main action. */
export function Heading({ title, about, children }: { title: string; about?: ReactNode; children?: ReactNode }) {
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <Title order={1} size="h2">
          {title}
        </Title>
        {children && <Group gap="xs">{children}</Group>}
      </Group>
      {about && <Text c="dimmed">{about}</Text>}
    </Stack>
  );
}
