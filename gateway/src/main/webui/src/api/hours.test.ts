import { describe, expect, it } from "vitest";
import { allDay, officeHours, overnight, scheduleBody, scheduleFaults, sound, timeZones, typedSchedule, type TypedSchedule } from "./hours";
import type { Schedule } from "./types";

const stored: Schedule = {
  time_zone: "Asia/Kolkata",
  hours: [
    { days: ["mon", "tue"], from: "09:00", to: "18:00" },
    { days: ["sat"], from: "00:00", to: "24:00" },
    { days: ["fri"], from: "22:00", to: "02:00" },
  ],
  outside: { text: "We are back at nine.", handoff: true },
};
const open: TypedSchedule = { on: true, timeZone: "Asia/Kolkata", hours: [officeHours(0)], text: "Later.", handoff: false };

describe("an agent's hours", () => {
  it("come back as they were", () => {
    expect(scheduleBody(typedSchedule(stored, "UTC"))).toEqual(stored);
    expect(typedSchedule(stored, "UTC").hours[1]).toEqual({ key: 1, days: ["sat"], from: "00:00", to: "00:00" });
  });

  it("are always where none are set, with office hours to begin with", () => {
    const typed = typedSchedule(null, "Europe/Prague");
    expect(scheduleBody(typed)).toBeUndefined();
    expect(scheduleBody({ ...typed, on: true, handoff: true })).toEqual({
      time_zone: "Europe/Prague",
      hours: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" }],
      outside: { handoff: true },
    });
  });

  it("are sent in the order of the week, and end at midnight as 24:00", () => {
    const hours = [{ key: 0, days: ["sun", "mon", "wed"], from: "20:00", to: "00:00" }];
    expect(scheduleBody({ ...open, hours, text: " " })).toEqual({
      time_zone: "Asia/Kolkata",
      hours: [{ days: ["mon", "wed", "sun"], from: "20:00", to: "24:00" }],
      outside: { handoff: false },
    });
  });
});

describe("what is wrong with hours", () => {
  it("is nothing while they are off, and nothing with none at all", () => {
    expect(sound(scheduleFaults({ ...open, on: false, timeZone: "", text: "" }))).toBe(true);
    expect(sound(scheduleFaults({ ...open, hours: [] }))).toBe(true);
    expect(sound(scheduleFaults(open))).toBe(true);
  });

  it("is said at its field", () => {
    const hours = [
      { ...officeHours(3), days: [] },
      { ...officeHours(4), from: "" },
      { ...officeHours(5), to: "" },
      { ...officeHours(6), from: "09:00", to: "09:00" },
      { ...officeHours(7), from: "00:00", to: "00:00" },
    ];
    const faults = scheduleFaults({ ...open, hours, timeZone: "Asia/Nowhere", text: "" });
    expect(faults).toEqual({
      timeZone: "A time zone such as Asia/Kolkata.",
      outside: "Say something, or hand the conversation to a person, or both.",
      hours: {
        3: { days: "On which days?" },
        4: { from: "From when?" },
        5: { to: "Until when?" },
        6: { to: "A whole day is from midnight to midnight." },
      },
    });
    for (const one of [{ timeZone: "" }, { text: "" }, { hours: [{ ...officeHours(0), days: [] }] }]) {
      expect(sound(scheduleFaults({ ...open, ...one }))).toBe(false);
    }
  });
});

describe("hours over midnight", () => {
  it("are no whole day", () => {
    expect(allDay({ from: "00:00", to: "00:00" })).toBe(true);
    expect(allDay({ from: "20:00", to: "00:00" })).toBe(false);
    expect(allDay({ from: "00:00", to: "18:00" })).toBe(false);
  });

  it("are told from those of one day", () => {
    expect(overnight({ from: "22:00", to: "02:00" })).toBe(true);
    expect(overnight({ from: "09:00", to: "18:00" })).toBe(false);
    expect(overnight({ from: "20:00", to: "00:00" })).toBe(false);
    expect(overnight({ from: "20:00", to: "" })).toBe(false);
  });
});

describe("time zones", () => {
  it("hold the one that is set, once, and that of the world", () => {
    const zones = timeZones("Asia/Kolkata");
    expect(zones.filter((zone) => zone === "Asia/Kolkata")).toHaveLength(1);
    expect(zones).toContain("UTC");
    expect(zones).toContain("Europe/Prague");
    expect(new Set(zones).size).toBe(zones.length);
    expect(timeZones("")).not.toContain("");
  });
});
