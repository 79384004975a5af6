import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { Trouble } from "./trouble";

/** Why a member of staff looks, in words that the tenant will read. */
export interface Why {
  reason: string;
  ticket: string;
}

/** Asks why, before anything of a tenant is shown. */
export function AskWhy(props: {
  action: string;
  /** What is there already, to be changed or confirmed. */
  first?: Why | null;
  /** Whether it travels in a header. */
  plain?: boolean;
  pending?: boolean;
  error?: unknown;
  children?: ReactNode;
  submit: (why: Why) => void;
}) {
  const [why, setWhy] = useState<Why>(props.first ?? { reason: "", ticket: "" });
  // A header carries no other letters, and quietly dropping them would change what the tenant reads.
  const foreign = props.plain && /[^\x20-\x7e]/.test(why.reason + why.ticket);

  function submit(event: FormEvent) {
    event.preventDefault();
    props.submit({ reason: why.reason.trim(), ticket: why.ticket.trim() });
  }

  function field(name: keyof Why) {
    return {
      name,
      value: why[name],
      required: true,
      autoComplete: "off",
      onChange: (event: { currentTarget: { value: string } }) => {
        const value = event.currentTarget.value;
        setWhy((before) => ({ ...before, [name]: value }));
      },
    };
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Reason"
          description="The tenant reads it, with your name."
          maxLength={500}
          data-autofocus
          error={foreign ? "Use plain English letters, digits and punctuation." : undefined}
          {...field("reason")}
        />
        <TextInput label="Ticket" description="The support case behind it." maxLength={100} {...field("ticket")} />
        {props.children}
        {props.error !== undefined && props.error !== null && <Trouble error={props.error} />}
        <Group>
          <Button
            type="submit"
            loading={props.pending}
            disabled={foreign || why.reason.trim() === "" || why.ticket.trim() === ""}
          >
            {props.action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The headers that carry it. */
export function headersOf(why: Why): Record<string, string> {
  return { "X-Access-Reason": why.reason, "X-Access-Ticket": why.ticket };
}
