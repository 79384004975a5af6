import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { Trouble } from "./trouble";

/** A form in a window of its own; it closes when what it asks for is done, and says what went wrong otherwise. */
export function Dialog(props: {
  title: string;
  children: ReactNode;
  action: string;
  keep?: string;
  danger?: boolean;
  disabled?: boolean;
  size?: string;
  run: () => Promise<unknown>;
  close: () => void;
}) {
  const run = useMutation({ mutationFn: props.run, onSuccess: props.close });

  function submit(event: FormEvent) {
    event.preventDefault();
    run.mutate();
  }

  return (
    <Modal opened onClose={props.close} title={props.title} size={props.size} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack>
          {props.children}
          {run.error && <Trouble error={run.error} />}
          <Group justify="end">
            <Button variant="default" onClick={props.close}>
              {props.keep ?? "Cancel"}
            </Button>
            <Button type="submit" color={props.danger ? "red" : undefined} loading={run.isPending} disabled={props.disabled}>
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
