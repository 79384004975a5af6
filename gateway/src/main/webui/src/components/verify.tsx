import { Button, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Problem, request } from "../api/client";

/** Sends the mail whose link proves one's address, once more. */
export function VerifyAddress() {
  const send = useMutation({ mutationFn: () => request("POST", "/api/v1/auth/verification", undefined, { tenant: null }) });
  return (
    <div role="status">
      {send.isSuccess ? (
        <Text size="sm">Sent. Open the link in the mail, then try again.</Text>
      ) : (
        <Button size="xs" variant="default" loading={send.isPending} onClick={() => send.mutate()}>
          Send the mail again
        </Button>
      )}
      {send.error && (
        <Text size="sm" c="red">
          {send.error instanceof Problem ? send.error.message : "It could not be sent. Try again."}
        </Text>
      )}
    </div>
  );
}
