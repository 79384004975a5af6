import { TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Dialog } from "./dialog";

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
  size?: string;
  run: () => Promise<unknown>;
  close: () => void;
}) {
  const [typed, setTyped] = useState("");
  const { harmless, name, children, ...rest } = props;
  return (
    <Dialog {...rest} danger={!harmless} disabled={name !== undefined && typed.trim() !== name}>
      {children}
      {name !== undefined && (
        <TextInput
          label={`Type “${name}” to confirm`}
          autoComplete="off"
          required
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
    </Dialog>
  );
}
