import { Button, Group, Modal, NumberInput, PasswordInput, SimpleGrid, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Problem, request } from "../api/client";
import { functionBody, functionFaults, refusedAt, type TypedFunction, typedFunction } from "../api/functions";
import type { HttpTool } from "../api/types";
import { Trouble } from "../components/trouble";

/** A function of the organisation's own, new or to be changed. */
export function FunctionForm(props: { path: string; tool?: HttpTool; close: () => void; saved: (tool: HttpTool) => Promise<unknown> }) {
  const { path, tool, close } = props;
  const [typed, setTyped] = useState(() => typedFunction(tool));
  const [checked, setChecked] = useState(false);
  const save = useMutation({
    mutationFn: async (body: object) => {
      const stored = await request<HttpTool>(tool ? "PATCH" : "POST", tool ? `${path}/${tool.id}` : path, body);
      await props.saved(stored);
    },
    onSuccess: close,
  });
  const faults = functionFaults(typed, tool);
  // The server's word counts until something is typed anew.
  const said = { ...(save.error instanceof Problem ? refusedAt(save.error) : {}), ...(checked ? faults : {}) };

  const set = (values: Partial<TypedFunction>) => {
    setTyped((before) => ({ ...before, ...values }));
    if (save.isError) save.reset();
  };
  const text = (name: "name" | "description" | "url" | "parameters" | "headerName" | "headerValue") => ({
    name,
    value: typed[name],
    error: said[name],
    autoComplete: "off",
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    if (Object.keys(faults).length > 0) return;
    const body = functionBody(typed, tool);
    if (body) save.mutate(body);
    else close();
  }

  return (
    <Modal opened onClose={close} size="lg" title={tool ? `Change ${tool.name}` : "New function"} closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {!tool && <TextInput label="Name" description="How agents call it, such as find_order. It stays." required maxLength={64} data-autofocus {...text("name")} />}
          <Textarea label="What it does" description="Agents choose by it." required autosize minRows={2} maxLength={1000} data-autofocus={tool ? true : undefined} {...text("description")} />
          <TextInput label="Address" description="https, on the public internet. It is called with POST." type="url" required maxLength={2048} {...text("url")} />
          <Textarea
            label="Parameters"
            description="A JSON Schema of an object. What an agent gives that does not fit it is not sent."
            required
            autosize
            minRows={4}
            maxRows={16}
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            {...text("parameters")}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label="Secret header" description="By which your server knows that Parley calls." placeholder="Authorization" maxLength={64} {...text("headerName")} />
            <PasswordInput
              label="Secret"
              description={tool?.secret_header ? "Empty: it stays as it is." : "Kept encrypted and never shown again."}
              maxLength={4096}
              {...text("headerValue")}
              autoComplete="new-password"
            />
          </SimpleGrid>
          <NumberInput
            label="How long a call may take"
            suffix=" s"
            maw={200}
            min={1}
            max={10}
            allowDecimal={false}
            value={typed.timeout}
            error={said.timeout}
            onChange={(timeout) => set({ timeout })}
          />
          <Switch
            label="A person approves each call"
            description="For what costs money or cannot be taken back. What waits stands under Approvals."
            checked={typed.highImpact}
            onChange={(event) => set({ highImpact: event.currentTarget.checked })}
          />
          <Switch label="Agents may call it" checked={typed.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
          {tool?.high_impact && (
            <Text size="sm" c="dimmed">
              Calls that wait were shown to people with the function as it is now: after any change they are not carried out.
            </Text>
          )}
          {save.error && <Trouble error={save.error} />}
          {checked && Object.keys(faults).length > 0 && (
            <Text size="sm" c="red" role="alert">
              Look at the marked fields once more.
            </Text>
          )}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {tool ? "Save" : "Add function"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
