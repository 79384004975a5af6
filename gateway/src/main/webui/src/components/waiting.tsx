import { Center, Loader } from "@mantine/core";

/** Stands where something is still loading. */
export function Waiting({ label, height = 160 }: { label: string; height?: number | string }) {
  return (
    <Center h={height} role="status" aria-label={label}>
      <Loader />
    </Center>
  );
}
