import { Text } from "@mantine/core";
import { request } from "../../api/client";
import { money } from "../../api/money";
import type { Plan, PlanChange } from "../../api/types";
import { Dialog } from "../../components/dialog";

/** Says what a change of plan does and costs, and does it. */
export function ChangeDialog(props: {
  from: string;
  plan: Plan;
  preview: PlanChange;
  close: () => void;
  done: (notice: string) => Promise<void>;
}) {
  const { from, plan, preview, close, done } = props;
  const now = preview.effective === "now";
  const end = preview.subscription.current_period_end;
  const day = end ? new Date(end).toLocaleDateString() : "the end of the period";

  async function change() {
    const made = await request<PlanChange>("POST", "/api/v1/subscription/change", { plan: plan.code });
    if (made.url) {
      window.location.assign(made.url);
      return;
    }
    const charged = made.charge ? ` ${money(made.charge)} was charged.` : "";
    await done(made.effective === "now" ? `You are on ${plan.name} now.${charged}` : `${plan.name} follows on ${day}.`);
  }

  return (
    <Dialog
      title={`Change to ${plan.name}?`}
      action={now && preview.charge ? `Change and pay ${money(preview.charge)}` : "Change"}
      keep={`Stay on ${from}`}
      size="lg"
      close={close}
      run={change}
    >
      {now ? (
        <>
          <Text>
            <strong>Now:</strong> you get what {plan.name} offers at once, and your share of its credits until {day}. What you have
            left of {from} stays.
          </Text>
          <Text>
            <strong>{preview.charge ? money(preview.charge) : "Nothing"}</strong> is charged today: the difference of the prices until{" "}
            {day}. From then on it is {money(plan.price)} a {plan.interval}.
          </Text>
        </>
      ) : (
        <>
          <Text>
            <strong>On {day}:</strong> until then everything stays as you have paid for it, and you can take this back.
          </Text>
          <Text>
            Nothing is charged now. From then on it is{" "}
            {plan.price.amount === 0 ? "free" : `${money(plan.price)} a ${plan.interval}`}, with {plan.credits.toLocaleString()} credits.
          </Text>
        </>
      )}
    </Dialog>
  );
}
