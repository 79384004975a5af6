import { Alert, Stack, Text } from "@mantine/core";
import { Navigate, useLocation } from "react-router";
import type { Erasure } from "../api/types";
import { Heading } from "../components/heading";
import { Takeaway } from "../components/takeaway";

/** What is left after an organisation was erased: the way to the proof. */
export default function ErasedPage() {
  const { name, erasure } = (useLocation().state ?? {}) as { name?: string; erasure?: Erasure };
  if (!erasure) return <Navigate to="/" replace />;
  return (
    <Stack maw={640}>
      <Heading title={`${name} is being erased`} about="All of it is gone within minutes, everywhere." />
      <Alert color="yellow" title="Keep this address" role="status">
        It shows the signed certificate of the erasure, without a login. It is not shown again.
      </Alert>
      <Takeaway text={new URL(erasure.certificate_url, window.location.origin).href} testId="certificate" />
      <Text c="dimmed" size="sm">
        The certificate says “running” until every service has reported what it erased.
      </Text>
    </Stack>
  );
}
