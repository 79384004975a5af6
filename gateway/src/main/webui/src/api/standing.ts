import type { Credits, Subscription } from "./types";

/** Something about money that a person has to know on every page, and where to do something about it. */
export interface Warning {
  level: "info" | "warning" | "stop";
  title: string;
  text: string;
  action?: { label: string; to: string };
}

const DAY = 24 * 60 * 60 * 1000;

/** What stands in the way of working on, or soon will; the worst first. */
export function warnings(subscription: Subscription | undefined, credits: Credits | undefined, now: number): Warning[] {
  const found: Warning[] = [];
  if (subscription) found.push(...aboutPaying(subscription, now));
  if (credits && subscription?.status !== "suspended" && subscription?.status !== "ended") found.push(...aboutCredits(credits));
  return found;
}

function aboutPaying(subscription: Subscription, now: number): Warning[] {
  const pay = { label: "Pay now", to: "/plan" };
  switch (subscription.status) {
    case "past_due":
      return [
        {
          level: "warning",
          title: "Your payment did not go through",
          text: "Everything still works for a few days, until the time in the mail that we sent. Pay with another card, or make sure that the next try with this one works.",
          action: pay,
        },
      ];
    case "suspended":
      return [
        {
          level: "stop",
          title: "Parley is read-only until you pay",
          text: "Agents do not answer now. Your data is kept, and everything works again seconds after the payment.",
          action: pay,
        },
      ];
    case "ended":
      return [{ level: "stop", title: "Your subscription has ended", text: "Agents do not answer now. Your data is kept.", action: { label: "Choose a plan", to: "/plan" } }];
    case "trial": {
      const end = Date.parse(subscription.trial_end ?? subscription.current_period_end ?? "");
      if (!(end - now < 3 * DAY)) return [];
      return [{ level: "info", title: `Your trial ends on ${new Date(end).toLocaleDateString()}`, text: "Choose a plan to go on without a break.", action: { label: "See plans", to: "/plan" } }];
    }
    default:
      return [];
  }
}

function aboutCredits(credits: Credits): Warning[] {
  const share = usedShare(credits);
  if (share < 80) return [];
  const more = { label: "Buy credits", to: "/plan#packs" };
  const reset = credits.period_end ? ` New ones come on ${new Date(credits.period_end).toLocaleDateString()}.` : "";
  if (credits.remaining <= 0) {
    return [{ level: "stop", title: "Your credits are used up", text: `Depending on your plan, agents stop or go on at the overage that you allowed.${reset}`, action: more }];
  }
  return [
    { level: "warning", title: `${share} % of your credits are used`, text: `${credits.remaining.toLocaleString()} are left.${reset}`, action: more },
  ];
}

/** How much of what was granted is used, in whole percent, rounded down: 100 only when nothing is left. */
export function usedShare({ granted, used }: Pick<Credits, "granted" | "used">): number {
  return granted <= 0 ? 0 : Math.min(100, Math.floor((100 * used) / granted));
}
