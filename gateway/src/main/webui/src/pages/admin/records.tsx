import { Anchor, Button, Group, Paper, Stack, Tabs, Text } from "@mantine/core";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { AUDITED } from "../../api/audited";
import { minutesLeft } from "../../api/grants";
import type { Contact, Conversation, Me, Message } from "../../api/types";
import { Heading } from "../../components/heading";
import { Listing } from "../../components/listing";
import { Waiting } from "../../components/waiting";
import { When } from "../../components/when";
import { nameOf, useGrants, useNow } from "./grants";

/** Individual records of a tenant, while the glass is broken. */
export function RecordsPage({ me }: { me: Me }) {
  const { id = "" } = useParams();
  const grants = useGrants();
  const now = useNow();
  if (grants.isPending) return <Waiting label="Loading grants" />;
  const open = grants.data?.items.find((grant) => grant.tenant_id === id && grant.admin_id === me.user_id && minutesLeft(grant, now) > 0);
  if (!open) {
    return (
      <Stack maw={560}>
        <Heading title="The glass is whole" about="You hold no break-glass grant for this tenant." />
        <Anchor component={Link} to={`/admin/tenants/${id}`}>
          To the tenant
        </Anchor>
      </Stack>
    );
  }
  return (
    <Stack maw={960}>
      <Heading title={`Records of ${nameOf(id)}`} about="Read-only. Each list and each conversation that you open is shown to the tenant." />
      <Tabs keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="conversations">Conversations</Tabs.Tab>
          <Tabs.Tab value="contacts">Contacts</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="conversations">
          <Conversations tenant={id} />
        </Tabs.Panel>
        <Tabs.Panel value="contacts">
          <Contacts tenant={id} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Conversations({ tenant }: { tenant: string }) {
  const [open, setOpen] = useState<Conversation | null>(null);
  if (open) {
    return (
      <Stack>
        <Group>
          <Button variant="default" size="xs" onClick={() => setOpen(null)}>
            All conversations
          </Button>
          <Text size="sm">
            {open.agent} on {open.channel}, <When at={open.created_at} />
          </Text>
        </Group>
        <Listing<Message>
          queryKey={["records", tenant, open.id]}
          path={`/api/v1/conversations/${open.id}/messages?limit=100`}
          extras={{ tenant }}
          options={AUDITED}
          what="messages"
          empty="Nothing was said."
        >
          {(messages) =>
            messages.map((message) => (
              <Paper key={message.id} withBorder p="sm" className="said">
                <Text size="xs" c="dimmed">
                  {message.role} <When at={message.at} />
                </Text>
                {message.text}
              </Paper>
            ))
          }
        </Listing>
      </Stack>
    );
  }
  return (
    <Listing<Conversation>
      queryKey={["records", tenant, "conversations"]}
      path="/api/v1/conversations?limit=50"
      extras={{ tenant }}
      options={AUDITED}
      what="conversations"
      empty="It has no conversations."
    >
      {(conversations) => (
        <Stack gap="xs" role="list">
          {conversations.map((conversation) => (
            <Paper key={conversation.id} withBorder p="sm" role="listitem">
              <Group justify="space-between" gap="xs">
                <Text size="sm">
                  {conversation.agent} on {conversation.channel}, {conversation.messages} messages, <When at={conversation.updated_at} />
                </Text>
                <Button size="xs" variant="default" onClick={() => setOpen(conversation)} aria-label={`Read conversation ${conversation.id}`}>
                  Read
                </Button>
              </Group>
            </Paper>
          ))}
        </Stack>
      )}
    </Listing>
  );
}

function Contacts({ tenant }: { tenant: string }) {
  return (
    <Listing<Contact>
      queryKey={["records", tenant, "contacts"]}
      path="/api/v1/contacts?limit=50"
      extras={{ tenant }}
      options={AUDITED}
      what="contacts"
      empty="It has no contacts."
    >
      {(contacts) => (
        <Stack gap="xs" role="list">
          {contacts.map((contact) => (
            <Paper key={contact.id} withBorder p="sm" role="listitem">
              <Text size="sm" fw={500} className="changed">
                {contact.display_name ?? contact.phone ?? contact.identities[0]?.username ?? contact.identities[0]?.external_id ?? "No name"}
              </Text>
              <Text size="xs" c="dimmed">
                {contact.identities.map((identity) => identity.channel).join(", ") || "added by hand"}, last changed <When at={contact.updated_at} />
              </Text>
            </Paper>
          ))}
        </Stack>
      )}
    </Listing>
  );
}
