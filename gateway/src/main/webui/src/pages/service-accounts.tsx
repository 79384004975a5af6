import { Button, Group, Modal, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { get, request } from "../api/client";
import type { Page, ServiceAccount } from "../api/types";
import { Confirm } from "../components/confirm";
import { Listing } from "../components/listing";
import { Trouble } from "../components/trouble";

/** All service accounts, to be chosen from and named. */
export function useServiceAccounts() {
  return useQuery({
    queryKey: ["service-accounts", "all"],
    queryFn: () => get<Page<ServiceAccount>>("/api/v1/service-accounts?limit=100"),
  });
}

/** The accounts that keys may belong to, to be made and ended. */
export function ServiceAccounts() {
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<ServiceAccount | null>(null);
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all([queries.invalidateQueries({ queryKey: ["service-accounts"] }), queries.invalidateQueries({ queryKey: ["keys"] })]);
  return (
    <Stack>
      <Text size="sm">
        A service account is who a program is: its keys act for it, the audit log names it, and all of them end with it.
      </Text>
      <Button style={{ alignSelf: "start" }} onClick={() => setMaking(true)}>
        New service account
      </Button>
      <Listing<ServiceAccount>
        queryKey={["service-accounts"]}
        path="/api/v1/service-accounts?limit=100"
        what="service accounts"
        empty="There are no service accounts."
      >
        {(accounts) => (
          <Stack gap="xs" role="list">
            {accounts.map((account) => (
              <Paper key={account.id} withBorder p="sm" role="listitem">
                <Group justify="space-between">
                  <div>
                    <Text size="sm" fw={500}>
                      {account.name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {account.description}
                    </Text>
                  </div>
                  <Button size="xs" variant="default" aria-label={`End ${account.name}`} onClick={() => setEnding(account)}>
                    End…
                  </Button>
                </Group>
              </Paper>
            ))}
          </Stack>
        )}
      </Listing>
      {making && <NewAccount close={() => setMaking(false)} refresh={refresh} />}
      {ending && (
        <Confirm
          title={`End ${ending.name}?`}
          action="End it and its keys"
          keep="Keep it"
          close={() => setEnding(null)}
          run={async () => {
            await request("DELETE", `/api/v1/service-accounts/${ending.id}`);
            await refresh();
          }}
        >
          <Text>All of its keys are refused within two seconds. This cannot be undone.</Text>
        </Confirm>
      )}
    </Stack>
  );
}

function NewAccount({ close, refresh }: { close: () => void; refresh: () => Promise<unknown> }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const make = useMutation({
    mutationFn: () =>
      request("POST", "/api/v1/service-accounts", { name: name.trim(), ...(description.trim() === "" ? {} : { description: description.trim() }) }),
    onSuccess: async () => {
      await refresh();
      close();
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    make.mutate();
  }

  return (
    <Modal opened onClose={close} title="New service account" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="Name" required maxLength={100} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <TextInput label="Description" maxLength={500} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
          {make.error && <Trouble error={make.error} />}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending}>
              Make account
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
