import { ActionIcon, Badge, Button, Group, Menu, Modal, NativeSelect, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Problem, request } from "../api/client";
import { atLeast, grantable, ROLES } from "../api/roles";
import { useSwitch } from "../api/session";
import type { Invitation, Me, Member, Role } from "../api/types";
import { Confirm } from "../components/confirm";
import { Heading } from "../components/heading";
import { Listing } from "../components/listing";
import { Notice } from "../components/notice";
import { Section } from "../components/section";
import { Trouble } from "../components/trouble";
import { When } from "../components/when";

/** Who belongs to the organisation, and who is invited. */
export default function MembersPage({ me }: { me: Me }) {
  const [inviting, setInviting] = useState(false);
  const [notice, setNotice] = useState<string | null>(null);
  const admin = atLeast(me.role, "admin");
  return (
    <Stack>
      <Heading title="Members" about="Everybody who may work for this organisation, and with which role.">
        {admin && <Button onClick={() => setInviting(true)}>Invite</Button>}
      </Heading>
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <Section title="People">
        <Listing<Member> queryKey={["members"]} path="/api/v1/members?limit=100" what="members" empty="Nobody is here.">
          {(members) => <People me={me} members={members} say={setNotice} />}
        </Listing>
      </Section>
      {admin && (
        <Section title="Invitations" about="Sent by e-mail, and open until they are accepted, revoked or out of time.">
          <Listing<Invitation> queryKey={["invitations"]} path="/api/v1/invitations?limit=100" what="invitations" empty="No invitation is open.">
            {(invitations) => <Invitations invitations={invitations} say={setNotice} />}
          </Listing>
        </Section>
      )}
      {inviting && <Invite me={me} close={() => setInviting(false)} say={setNotice} />}
    </Stack>
  );
}

type Say = (notice: string | null) => void;

/** What is about to be done to a member, and is asked about first. */
type Step = { what: "remove" | "leave" | "hand-over" | "make-owner"; member: Member };

function People({ me, members, say }: { me: Me; members: Member[]; say: Say }) {
  const queries = useQueryClient();
  const [step, setStep] = useState<Step | null>(null);
  const change = useMutation({
    mutationFn: ({ member, role }: { member: Member; role: Role }) =>
      request<Member>("PATCH", `/api/v1/members/${member.user_id}`, { role }),
    onMutate: () => say(null),
    onSuccess: (_, { member, role }) => say(`${nameOf(member)} is ${ROLES[role].label.toLowerCase()} now.`),
    onSettled: () => queries.invalidateQueries({ queryKey: ["members"] }),
  });
  return (
    <Stack>
      {change.error && <Trouble error={change.error} />}
      <Table verticalSpacing="sm" horizontalSpacing="xs" className="people">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Person</Table.Th>
            <Table.Th scope="col" visibleFrom="md">
              Since
            </Table.Th>
            <Table.Th scope="col" w={120}>
              Role
            </Table.Th>
            <Table.Th scope="col" aria-label="Actions" w={44} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {members.map((member) => {
            const mine = member.user_id === me.user_id;
            const roles = grantable(me.role);
            const mayChange = !mine && roles.includes(member.role);
            return (
              <Table.Tr key={member.user_id}>
                <Table.Td>
                  <Text size="sm" fw={500} className="changed">
                    {nameOf(member)}
                    {mine && " (you)"}
                  </Text>
                  <Text size="xs" c="dimmed" className="changed">
                    {member.email}
                  </Text>
                </Table.Td>
                <Table.Td visibleFrom="md">
                  <When at={member.joined_at} date />
                </Table.Td>
                <Table.Td>
                  {mayChange ? (
                    <NativeSelect
                      size="xs"
                      aria-label={`Role of ${nameOf(member)}`}
                      value={member.role}
                      disabled={change.isPending}
                      onChange={(event) => {
                        const role = event.currentTarget.value as Role;
                        if (role === "owner") setStep({ what: "make-owner", member });
                        else change.mutate({ member, role });
                      }}
                      data={roles.map((role) => ({ value: role, label: ROLES[role].label }))}
                    />
                  ) : (
                    <Badge variant="default">{ROLES[member.role].label}</Badge>
                  )}
                </Table.Td>
                <Table.Td>
                  {(mine || mayChange) && <Actions me={me} member={member} mine={mine} choose={(what) => setStep({ what, member })} />}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
      {step && <Ask step={step} me={me} close={() => setStep(null)} say={say} />}
    </Stack>
  );
}

function Actions(props: { me: Me; member: Member; mine: boolean; choose: (what: Step["what"]) => void }) {
  const { me, member, mine, choose } = props;
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${nameOf(member)}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {!mine && me.role === "owner" && <Menu.Item onClick={() => choose("hand-over")}>Hand over ownership…</Menu.Item>}
        {mine ? (
          <Menu.Item color="red" onClick={() => choose("leave")}>
            Leave the organisation…
          </Menu.Item>
        ) : (
          <Menu.Item color="red" onClick={() => choose("remove")}>
            Remove…
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Ask({ step, me, close, say }: { step: Step; me: Me; close: () => void; say: Say }) {
  const queries = useQueryClient();
  const switchTo = useSwitch();
  const { what, member } = step;
  const name = nameOf(member);
  if (what === "make-owner") {
    return (
      <Confirm
        title={`Make ${name} an owner?`}
        action="Make owner"
        close={close}
        run={async () => {
          await request("PATCH", `/api/v1/members/${member.user_id}`, { role: "owner" });
          await queries.invalidateQueries({ queryKey: ["members"] });
          say(`${name} is owner now.`);
        }}
      >
        <Text>Owners pay, export and delete, and can change your own role too.</Text>
      </Confirm>
    );
  }
  if (what === "hand-over") {
    return (
      <Confirm
        title={`Hand over to ${name}?`}
        action="Hand over"
        close={close}
        run={async () => {
          await request("POST", "/api/v1/tenant/ownership-transfer", { user_id: member.user_id });
          await Promise.all([queries.invalidateQueries({ queryKey: ["members"] }), queries.invalidateQueries({ queryKey: ["me"] })]);
          say(`${name} owns the organisation now, and you are an admin.`);
        }}
      >
        <Text>{name} becomes owner: plan, export and deletion are theirs. You stay as admin and cannot take it back yourself.</Text>
      </Confirm>
    );
  }
  const mine = what === "leave";
  return (
    <Confirm
      title={mine ? "Leave the organisation?" : `Remove ${name}?`}
      action={mine ? "Leave" : "Remove"}
      close={close}
      run={async () => {
        await request("DELETE", `/api/v1/members/${member.user_id}`);
        if (mine) await switchTo(me.memberships.find((other) => other.tenant_id !== me.tenant_id)?.tenant_id ?? null);
        else {
          await queries.invalidateQueries({ queryKey: ["members"] });
          say(`${name} was removed.`);
        }
      }}
    >
      <Text>
        {mine
          ? "Your access ends within two seconds. Somebody has to invite you to bring you back."
          : `Access ends within two seconds, also where ${name} is signed in now. API keys stay: they belong to the organisation.`}
      </Text>
    </Confirm>
  );
}

function Invitations({ invitations, say }: { invitations: Invitation[]; say: Say }) {
  const queries = useQueryClient();
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const resend = useMutation({
    mutationFn: (invitation: Invitation) => request("POST", `/api/v1/invitations/${invitation.id}/resending`),
    onMutate: () => say(null),
    onSuccess: (_, invitation) => {
      say(`Sent to ${invitation.email} again.`);
      return queries.invalidateQueries({ queryKey: ["invitations"] });
    },
  });
  return (
    <Stack>
      {resend.error && <Trouble error={resend.error} />}
      <Table verticalSpacing="sm" horizontalSpacing="xs" className="people">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Invited</Table.Th>
            <Table.Th scope="col" visibleFrom="md">
              Until
            </Table.Th>
            <Table.Th scope="col" w={120}>
              Role
            </Table.Th>
            <Table.Th scope="col" aria-label="Actions" w={44} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {invitations.map((invitation) => (
            <Table.Tr key={invitation.id}>
              <Table.Td className="changed">
                {invitation.email}
                {invitation.expired && (
                  <Badge ml="xs" color="orange" variant="light">
                    expired
                  </Badge>
                )}
              </Table.Td>
              <Table.Td visibleFrom="md">
                <When at={invitation.expires_at} date />
              </Table.Td>
              <Table.Td>
                <Badge variant="default">{ROLES[invitation.role].label}</Badge>
              </Table.Td>
              <Table.Td>
                <Menu position="bottom-end" shadow="md">
                  <Menu.Target>
                    <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${invitation.email}`} loading={resend.isPending && resend.variables.id === invitation.id}>
                      <IconDots size={18} aria-hidden />
                    </ActionIcon>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item onClick={() => resend.mutate(invitation)}>Send again</Menu.Item>
                    <Menu.Item color="red" onClick={() => setRevoking(invitation)}>
                      Revoke…
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {revoking && (
        <Confirm
          title={`Revoke the invitation of ${revoking.email}?`}
          action="Revoke"
          keep="Keep it"
          close={() => setRevoking(null)}
          run={async () => {
            await request("DELETE", `/api/v1/invitations/${revoking.id}`);
            await queries.invalidateQueries({ queryKey: ["invitations"] });
            say(`The invitation of ${revoking.email} is revoked.`);
          }}
        >
          <Text>The link in the message stops working.</Text>
        </Confirm>
      )}
    </Stack>
  );
}

function Invite({ me, close, say }: { me: Me; close: () => void; say: Say }) {
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("member");
  const invite = useMutation({
    mutationFn: () => request<Invitation>("POST", "/api/v1/invitations", { email: email.trim(), role }),
    onMutate: () => say(null),
    onSuccess: async (invitation) => {
      await queries.invalidateQueries({ queryKey: ["invitations"] });
      say(`${invitation.email} is invited.`);
      close();
    },
  });
  const problem = invite.error instanceof Problem ? invite.error : undefined;

  function submit(event: FormEvent) {
    event.preventDefault();
    invite.mutate();
  }

  return (
    <Modal opened onClose={close} title="Invite a person" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="E-mail"
            description="Only the person with this address can accept."
            type="email"
            required
            autoComplete="off"
            data-autofocus
            value={email}
            error={problem?.field("/email")}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <NativeSelect
            label="Role"
            description={ROLES[role].description}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value as Role)}
            data={grantable(me.role).map((one) => ({ value: one, label: ROLES[one].label }))}
          />
          {invite.error && !problem?.field("/email") && <Trouble error={invite.error} />}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={invite.isPending}>
              Send invitation
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function nameOf(member: Member): string {
  return member.name || member.email;
}
