import { Button, Card, Group, JsonInput, NativeSelect, NumberInput, SimpleGrid, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get, request } from "../../api/client";
import type { Page, PromptVersion, ProviderKey } from "../../api/types";
import { Dialog } from "../../components/dialog";
import { Trouble } from "../../components/trouble";

/** A draft is changed in place; any other version becomes a new draft. One of a tenant names a provider of which it has a key, or none. */
export function PromptDraft({ base, own, from, close, refresh }: { base: string; own?: boolean; from?: PromptVersion; close: () => void; refresh: () => Promise<unknown> }) {
  const [text, setText] = useState(from?.system_prompt ?? "");
  const [provider, setProvider] = useState(from?.provider ?? (own ? "" : "default"));
  const [model, setModel] = useState(from?.model ?? "");
  const [temperature, setTemperature] = useState<number | string>(from?.temperature ?? "");
  const [maxTokens, setMaxTokens] = useState<number | string>(from?.max_tokens ?? "");
  const [variables, setVariables] = useState(JSON.stringify(from?.variables ?? {}, null, 2));
  const inPlace = from?.status === "draft";
  return (
    <Dialog
      title={inPlace ? `Draft ${from.number}` : from ? `A draft from version ${from.number}` : "New draft"}
      action="Keep the draft"
      size="xl"
      close={close}
      disabled={text.trim() === ""}
      run={async () => {
        await request(inPlace ? "PUT" : "POST", inPlace ? `${base}/prompt-versions/${from.number}` : `${base}/prompt-versions`, {
          system_prompt: text,
          ...(provider.trim() === "" ? {} : { provider: provider.trim() }),
          ...(model.trim() === "" || (own && provider === "") ? {} : { model: model.trim() }),
          ...(temperature === "" ? {} : { temperature: Number(temperature) }),
          ...(maxTokens === "" ? {} : { max_tokens: Number(maxTokens) }),
          variables: JSON.parse(variables.trim() === "" ? "{}" : variables) as unknown,
        });
        await refresh();
      }}
    >
      <Textarea label="Prompt" description="{{name}} stands for a variable" required data-autofocus autosize minRows={8} maxRows={24} maxLength={own ? 24_000 : 100_000} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {own ? (
          <OwnProvider value={provider} change={setProvider} />
        ) : (
          <TextInput label="Provider" value={provider} onChange={(event) => setProvider(event.currentTarget.value)} />
        )}
        <TextInput label="Model" placeholder={own && provider === "" ? "as Parley’s" : "the provider's default"} disabled={own && provider === ""} value={model} onChange={(event) => setModel(event.currentTarget.value)} />
        <NumberInput label="Temperature" placeholder="the provider's default" min={0} max={2} step={0.1} value={temperature} onChange={setTemperature} />
        <NumberInput label="Most tokens of a reply" placeholder="no limit of its own" min={1} allowDecimal={false} value={maxTokens} onChange={setMaxTokens} />
      </SimpleGrid>
      <JsonInput label="Variables" description={own ? "Their default values by name; the configuration can set others" : "Their default values by name; tenants can set others"} autosize minRows={3} validationError="This is not JSON" value={variables} onChange={setVariables} />
      {inPlace && !own && <TryOut base={base} number={from.number} />}
    </Dialog>
  );
}

function OwnProvider({ value, change }: { value: string; change: (provider: string) => void }) {
  const keys = useQuery({ queryKey: ["provider-keys"], queryFn: () => get<Page<ProviderKey>>("/api/v1/provider-keys") });
  const known = keys.data?.items.map((key) => key.provider) ?? [];
  return (
    <NativeSelect
      label="Provider"
      description={known.length === 0 ? "Others need a key of your own" : undefined}
      data={[{ value: "", label: "as Parley’s" }, ...[...new Set([...known, ...(value === "" ? [] : [value])])]]}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

function TryOut({ base, number }: { base: string; number: number }) {
  const [said, setSaid] = useState("");
  const answer = useMutation({
    mutationFn: () =>
      request<{ text: string; model: string; cost: { input_tokens: number; output_tokens: number } }>("POST", `${base}/prompt-versions/${number}/try`, {
        messages: [{ role: "user", content: said.trim() }],
      }),
  });
  return (
    <Card withBorder>
      <Group align="end">
        <TextInput label="Try the draft as it is kept" flex={1} placeholder="What a customer might write" value={said} onChange={(event) => setSaid(event.currentTarget.value)} />
        <Button variant="default" loading={answer.isPending} disabled={said.trim() === ""} onClick={() => answer.mutate()}>
          Try
        </Button>
      </Group>
      {answer.error && <Trouble error={answer.error} />}
      {answer.data && (
        <Text size="sm" mt="xs" className="changed" role="status">
          {answer.data.text}
        </Text>
      )}
    </Card>
  );
}
