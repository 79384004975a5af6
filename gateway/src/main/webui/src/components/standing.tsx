import { Alert, Anchor, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { Link } from "react-router";
import { useLiveCredits } from "../api/live";
import { useCredits, useSubscription } from "../api/queries";
import { atLeast } from "../api/roles";
import { warnings } from "../api/standing";
import type { Me } from "../api/types";

const COLOURS = { info: "blue", warning: "yellow", stop: "red" };

/** What stands in the way of working on, on every page, and what to do about it. */
export function Standing({ me }: { me: Me }) {
  const subscription = useSubscription();
  // The socket tells of the organisation that the server would choose, which may be another one of several.
  const credits = useCredits(() => me.memberships.length > 1 && 15_000);
  useLiveCredits();
  const found = warnings(subscription.data, credits.data, Date.now());
  return (
    <>
      {found.map(({ level, title, text, action }) => (
        <Alert
          key={title}
          mb="md"
          color={COLOURS[level]}
          icon={level === "info" ? <IconInfoCircle aria-hidden /> : <IconAlertTriangle aria-hidden />}
          title={title}
          role={level === "stop" ? "alert" : "status"}
        >
          <Group justify="space-between" gap="xs">
            <Text size="sm" flex={1} miw={220}>
              {text}
              {!atLeast(me.role, "admin") && " Ask an admin or owner of your organisation."}
            </Text>
            {action && atLeast(me.role, "admin") && (
              <Button component={Link} to={action.to} size="xs" variant="default">
                {action.label}
              </Button>
            )}
          </Group>
        </Alert>
      ))}
    </>
  );
}

/** The balance in the page's header, as it is now. */
export function BalanceLink() {
  const credits = useCredits();
  if (!credits.data) return null;
  return (
    <Anchor component={Link} to="/usage" size="sm" visibleFrom="md" aria-live="off">
      {credits.data.remaining.toLocaleString()} credits
    </Anchor>
  );
}
