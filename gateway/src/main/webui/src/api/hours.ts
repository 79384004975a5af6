import type { Schedule } from "./types";

/** The days of a week, as the server calls them and as people read them. */
export const DAYS: { value: string; label: string }[] = [
  { value: "mon", label: "Mon" },
  { value: "tue", label: "Tue" },
  { value: "wed", label: "Wed" },
  { value: "thu", label: "Thu" },
  { value: "fri", label: "Fri" },
  { value: "sat", label: "Sat" },
  { value: "sun", label: "Sun" },
];

/** Hours of some days as somebody types them: midnight is 00:00 at both ends. */
export interface TypedHours {
  key: number;
  days: string[];
  from: string;
  to: string;
}

/** An agent's schedule as somebody types it. */
export interface TypedSchedule {
  on: boolean;
  timeZone: string;
  hours: TypedHours[];
  text: string;
  handoff: boolean;
}

/** What is wrong, by field and by the key of the hours. */
export interface ScheduleFaults {
  timeZone?: string;
  outside?: string;
  hours: Record<number, { days?: string; from?: string; to?: string }>;
}

const MIDNIGHT = "00:00";
const END_OF_DAY = "24:00";

/** A schedule in the form; where there is none, office hours in the zone that somebody is in. */
export function typedSchedule(schedule: Schedule | null | undefined, here: string): TypedSchedule {
  if (!schedule) return { on: false, timeZone: here, hours: [officeHours(0)], text: "", handoff: false };
  return {
    on: true,
    timeZone: schedule.time_zone,
    hours: schedule.hours.map(({ days, from, to }, key) => ({ key, days, from, to: to === END_OF_DAY ? MIDNIGHT : to })),
    text: schedule.outside.text ?? "",
    handoff: schedule.outside.handoff ?? false,
  };
}

/** From nine to six on working days. */
export function officeHours(key: number): TypedHours {
  return { key, days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" };
}

/** What is sent; nothing when the agent always answers. */
export function scheduleBody(typed: TypedSchedule): Schedule | undefined {
  if (!typed.on) return undefined;
  return {
    time_zone: typed.timeZone.trim(),
    hours: typed.hours.map(({ days, from, to }) => ({
      days: DAYS.map(({ value }) => value).filter((day) => days.includes(day)),
      from,
      to: to === MIDNIGHT ? END_OF_DAY : to,
    })),
    outside: { ...(typed.text.trim() === "" ? {} : { text: typed.text }), handoff: typed.handoff },
  };
}

/** What keeps it from being sent. */
export function scheduleFaults(typed: TypedSchedule): ScheduleFaults {
  const faults: ScheduleFaults = { hours: {} };
  if (!typed.on) return faults;
  if (!isTimeZone(typed.timeZone.trim())) faults.timeZone = "A time zone such as Asia/Kolkata.";
  if (typed.text.trim() === "" && !typed.handoff) faults.outside = "Say something, or hand the conversation to a person, or both.";
  for (const { key, days, from, to } of typed.hours) {
    if (days.length === 0) faults.hours[key] = { days: "On which days?" };
    else if (from === "") faults.hours[key] = { from: "From when?" };
    else if (to === "") faults.hours[key] = { to: "Until when?" };
    else if (from === to && !allDay({ from, to })) faults.hours[key] = { to: "A whole day is from midnight to midnight." };
  }
  return faults;
}

/** Whether nothing is wrong. */
export function sound(faults: ScheduleFaults): boolean {
  return !faults.timeZone && !faults.outside && Object.keys(faults.hours).length === 0;
}

/** Whether hours end on the day after the one on which they begin. */
export function overnight({ from, to }: Pick<TypedHours, "from" | "to">): boolean {
  return to !== "" && to !== MIDNIGHT && to < from;
}

/** Whether hours are a whole day. */
export function allDay({ from, to }: Pick<TypedHours, "from" | "to">): boolean {
  return from === MIDNIGHT && to === MIDNIGHT;
}

/** The zones to choose from, with the one that is set. */
export function timeZones(set: string): string[] {
  return [...new Set([...(set === "" ? [] : [set]), "UTC", ...Intl.supportedValuesOf("timeZone")])];
}

function isTimeZone(name: string): boolean {
  try {
    return name !== "" && Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
