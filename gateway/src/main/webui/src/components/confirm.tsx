import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { Trouble } from "./trouble";

/**
 * Asks before something that cannot simply be undone. With `name`, only somebody who types it may go on, so that
 * nobody ends the wrong thing by habit.
 */
export function Confirm(props: {
  title: string;
  children: ReactNode;
  action: string;
  keep?: string;
  harmless?: boolean;
  name?: string;
  run: () => Promise<unknown>;
  close: () => void;
}) {
  const [typed, setTyped] = useState("");
  const run = useMutation({ mutationFn: props.run, onSuccess: props.close });

  function submit(event: FormEvent) {
    event.preventDefault();
    run.mutate();
  }

  return (
    <Modal opened onClose={props.close} title={props.title} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack>
          {props.children}
          {props.name !== undefined && (
            <TextInput
              label={`Type “${props.name}” to confirm`}
              autoComplete="off"
              required
              data-autofocus
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          {run.error && <Trouble error={run.error} />}
          <Group justify="end">
            <Button variant="default" onClick={props.close}>
              {props.keep ?? "Cancel"}
            </Button>
            <Button
              type="submit"
              color={props.harmless ? undefined : "red"}
              loading={run.isPending}
              disabled={props.name !== undefined && typed.trim() !== props.name}
            >
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
