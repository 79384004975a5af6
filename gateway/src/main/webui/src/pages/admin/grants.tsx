import { Alert, Anchor, Button, Group, Text } from "@mantine/core";
import { IconUrgent } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { get, request } from "../../api/client";
import { minutesLeft } from "../../api/grants";
import type { BreakGlass, Me, Page } from "../../api/types";
import { Trouble } from "../../components/trouble";

/** Everybody's break-glass grants, the newest first. */
export function useGrants() {
  return useQuery({
    queryKey: ["break-glass"],
    queryFn: () => get<Page<BreakGlass>>("/api/v1/admin/break-glass"),
    staleTime: 30_000,
  });
}

/** The time now, looked at often enough for minutes. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 5_000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}

const names = new Map<string, string>();

/** Remembers what a tenant is called, for as long as the page is open. */
export function rememberName(tenant: { id: string; name: string }) {
  names.set(tenant.id, tenant.name);
}

/** A tenant's name, where this person has seen it; a grant itself tells only the id. */
export function nameOf(tenant: string): string {
  return names.get(tenant) ?? tenant;
}

/** A banner for each grant that one holds now, on every page of the staff. */
export function OpenGrants({ me }: { me: Me }) {
  const grants = useGrants();
  const now = useNow();
  const open = (grants.data?.items ?? []).filter((grant) => grant.admin_id === me.user_id && minutesLeft(grant, now) > 0);
  return (
    <>
      {open.map((grant) => (
        <OpenGrant key={grant.id} grant={grant} minutes={minutesLeft(grant, now)} />
      ))}
    </>
  );
}

function OpenGrant({ grant, minutes }: { grant: BreakGlass; minutes: number }) {
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => request("DELETE", `/api/v1/admin/break-glass/${grant.id}`),
    onSuccess: async () => {
      queries.removeQueries({ queryKey: ["records", grant.tenant_id] });
      await queries.invalidateQueries({ queryKey: ["break-glass"] });
    },
  });
  return (
    <Alert color="orange" icon={<IconUrgent aria-hidden />} role="status" title={`The glass is broken: ${minutes} min left`}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" className="changed">
          You may read records of{" "}
          <Anchor component={Link} to={`/admin/tenants/${grant.tenant_id}/records`} size="sm" c="inherit" underline="always">
            {nameOf(grant.tenant_id)}
          </Anchor>
          : “{grant.reason}”, ticket {grant.ticket}.
        </Text>
        <Button size="xs" color="orange" variant="outline" loading={end.isPending} onClick={() => end.mutate()}>
          End it now
        </Button>
      </Group>
      {end.error && <Trouble error={end.error} />}
    </Alert>
  );
}
