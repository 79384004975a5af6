import type { Me } from "./types";

const KEY = "parley-organisation";

/** The organisation that somebody works for in this browser; remembered where the browser allows it. */
export class OrganisationChoice {
  private chosen: string | null;

  constructor(private readonly storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">) {
    this.chosen = storage?.getItem(KEY) ?? null;
  }

  /** The chosen one, or null when the server is to choose. */
  get id(): string | null {
    return this.chosen;
  }

  /** Stays with what the server chose, without remembering it beyond this page. */
  pin(id: string | null): void {
    this.chosen = id;
  }

  /** Works for this one from now on, also after a reload. */
  choose(id: string): void {
    this.chosen = id;
    this.storage?.setItem(KEY, id);
  }

  /** Leaves the choice to the server again. */
  forget(): void {
    this.chosen = null;
    this.storage?.removeItem(KEY);
  }
}

/** Who is signed in; `refused` names the organisation that was chosen and could not be opened, and why. */
export interface Identity {
  me: Me;
  refused?: { tenant: string; code: string };
}

/**
 * Finds out who is signed in, for the chosen organisation. When that one cannot be opened any more, for whichever the
 * server chooses: a person who was removed from one organisation is not locked out of the others.
 */
export async function identify(choice: OrganisationChoice, ask: (tenant: string | null) => Promise<Me>): Promise<Identity> {
  const wanted = choice.id;
  if (wanted === null) return { me: await ask(null) };
  try {
    return { me: await ask(wanted) };
  } catch (error) {
    const { status, code } = error as { status?: number; code?: string };
    if (status !== 403 && status !== 400) throw error;
    choice.forget();
    return { me: await ask(null), refused: { tenant: wanted, code: code ?? "" } };
  }
}
