import { Alert, Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { useLocation } from "react-router";
import { useBack } from "../../api/back";
import { useCheckout } from "../../api/checkout";
import { money } from "../../api/money";
import { useCredits, usePacks } from "../../api/queries";
import type { Credits, CreditPack } from "../../api/types";
import { Section } from "../../components/section";
import { Trouble } from "../../components/trouble";

/** The packs of credits on top of a plan, and whether one that was paid has arrived. */
export function Packs({ running, provider, choice }: { running: boolean; provider: string; choice: ReactNode }) {
  const { hash } = useLocation();
  const [back] = useBack("pack");
  const [bought = null, lots] = back?.split(" ") ?? [];
  const before = Number(lots ?? 0);
  const packs = usePacks();
  const credits = useCredits((now) => bought !== null && lotsOf(now) <= before);
  const checkout = useCheckout(() => void credits.refetch());
  const items = packs.data?.items ?? [];
  useEffect(() => {
    if (hash === "#packs" && items.length > 0) document.getElementById("packs")?.scrollIntoView();
  }, [hash, items.length]);
  if (packs.error) return <Trouble error={packs.error} retry={() => void packs.refetch()} />;
  if (items.length === 0) return null;
  return (
    <div id="packs">
      <Section title="Credit packs" about="Bought once, on top of your plan. The credits that end first are spent first.">
        {bought && <Arrival arrived={lotsOf(credits.data) > before} pack={items.find((pack) => pack.code === bought)} />}
        {running && choice}
        {!running && <Text size="sm">Packs come on top of a plan: choose one first.</Text>}
        {checkout.error && <Trouble error={checkout.error} />}
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
          {items.map((pack) => (
            <Pack
              key={pack.code}
              pack={pack}
              running={running}
              busy={checkout.isPending && checkout.variables.pack === pack.code}
              buy={() => checkout.mutate({ pack: pack.code, provider, back: { pack: `${pack.code} ${lotsOf(credits.data)}` } })}
            />
          ))}
        </SimpleGrid>
      </Section>
    </div>
  );
}

function Pack({ pack, running, busy, buy }: { pack: CreditPack; running: boolean; busy: boolean; buy: () => void }) {
  return (
    <Card withBorder component="section" aria-label={pack.name}>
      <Stack gap={4} h="100%">
        <Group justify="space-between">
          <Title order={3} size="h5">
            {pack.name}
          </Title>
          <Text fw={700}>{money(pack.price)}</Text>
        </Group>
        <Text size="sm">
          {pack.credits.toLocaleString()} credits{pack.valid_days ? `, for ${pack.valid_days} days` : ", without an end"}
        </Text>
        <Button mt="xs" size="xs" variant="default" disabled={!running} loading={busy} onClick={buy}>
          Buy
        </Button>
      </Stack>
    </Card>
  );
}

function Arrival({ arrived, pack }: { arrived: boolean; pack?: CreditPack }) {
  const name = pack?.name ?? "Your pack";
  return arrived ? (
    <Alert color="teal" role="status" title={`${name} is yours`}>
      {pack ? `${pack.credits.toLocaleString()} credits were added.` : "The credits were added."}
    </Alert>
  ) : (
    <Alert color="blue" role="status" title="Waiting for your payment">
      The payment provider tells us in a moment. This page updates by itself.
    </Alert>
  );
}

/** How many packs the balance is made of. */
function lotsOf(credits: Credits | undefined): number {
  return credits?.lots.filter((lot) => lot.source === "pack").length ?? 0;
}
