import { useMutation } from "@tanstack/react-query";
import { request } from "./client";
import type { Checkout } from "./types";

/** Who can be paid, as the server names them. */
export const PROVIDERS = [
  { value: "stripe", label: "Stripe" },
  { value: "razorpay", label: "Razorpay" },
];

/** What people call a payment provider. */
export function providerName(provider: string): string {
  return PROVIDERS.find((one) => one.value === provider)?.label ?? provider;
}

/** What is bought; `back` are the parameters that the plan's page gets when it is paid. */
export interface Order {
  plan?: string;
  pack?: string;
  provider: string;
  back: Record<string, string>;
}

/** Begins to buy something and goes on to the provider's page; `done` is called when nothing is to pay. */
export function useCheckout(done: () => void) {
  return useMutation({
    mutationFn: ({ back, ...order }: Order) => {
      const here = `${window.location.origin}/console/plan`;
      return request<Checkout>("POST", "/api/v1/checkout", {
        ...order,
        success_url: `${here}?${new URLSearchParams(back).toString()}`,
        cancel_url: here,
      });
    },
    onSuccess: ({ url }) => {
      if (url) window.location.assign(url);
      else done();
    },
  });
}
