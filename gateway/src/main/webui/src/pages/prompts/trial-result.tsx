import { Card, Group, List, Stack, Text } from "@mantine/core";
import type { Trial } from "../../api/types";
import { Status } from "../../components/status";
import { When } from "../../components/when";

/** What a version came to, conversation by conversation, with what it said and what was not as expected. */
export function TrialResult({ trial }: { trial: Trial }) {
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Status is={trial.status} />
        {trial.result && (
          <Text size="sm">
            {(trial.result.cost.input_tokens + trial.result.cost.output_tokens).toLocaleString()} tokens{trial.result.cost.estimated ? " (estimated)" : ""},{" "}
            {(trial.result.duration_ms / 1000).toFixed(1)} s, <When at={trial.finished_at} />
          </Text>
        )}
      </Group>
      {trial.result?.conversations.map((conversation) => (
        <Card key={conversation.id} withBorder>
          <Group justify="space-between">
            <Text fw={500}>{conversation.name}</Text>
            <Status is={conversation.passed ? "passed" : "failed"} />
          </Group>
          {conversation.problem && <Text size="sm">{conversation.problem}</Text>}
          {conversation.turns.map((turn, place) => (
            // The turns of a conversation have no other name than their place.
            <Stack key={place} gap={2} mt="xs">
              <Text size="sm" c="dimmed">
                {turn.user}
              </Text>
              <Text size="sm" className="changed">
                {turn.text}
              </Text>
              <List size="sm">
                {turn.expectations.map((expectation, at) => (
                  <List.Item key={at}>
                    {expectation.passed ? "As expected: " : "Not as expected: "}
                    {expectation.kind.replaceAll("_", " ")} {JSON.stringify(expectation.value)}
                    {expectation.detail ? ` (${expectation.detail})` : ""}
                  </List.Item>
                ))}
              </List>
            </Stack>
          ))}
        </Card>
      ))}
    </Stack>
  );
}
