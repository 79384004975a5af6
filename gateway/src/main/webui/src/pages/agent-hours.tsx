import { Autocomplete, Button, Checkbox, Chip, Fieldset, Group, Input, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { channelChoices } from "../api/channels";
import { allDay, DAYS, officeHours, overnight, type ScheduleFaults, timeZones, type TypedHours, type TypedSchedule } from "../api/hours";
import { useChannelTypes } from "../components/channel-types";
import { Section } from "../components/section";

const MOST_HOURS = 50;

/** When an agent answers, and what becomes of who writes at another time. */
export function Hours(props: { schedule: TypedSchedule; faults: ScheduleFaults; readOnly: boolean; change: (schedule: TypedSchedule) => void }) {
  const { schedule, faults, readOnly } = props;
  const set = (values: Partial<TypedSchedule>) => props.change({ ...schedule, ...values });
  const setHours = (key: number, values: Partial<TypedHours>) => set({ hours: schedule.hours.map((one) => (one.key === key ? { ...one, ...values } : one)) });
  return (
    <Section title="When it answers" about="At other times no model is asked, and nothing is charged.">
      <Checkbox label="Only at certain hours" checked={schedule.on} disabled={readOnly} onChange={(event) => set({ on: event.currentTarget.checked })} />
      {schedule.on && (
        <>
          <Autocomplete label="Time zone" description="The hours are read on its clock." required maw={320} limit={50} maxLength={64} data={timeZones(schedule.timeZone)} disabled={readOnly} value={schedule.timeZone} error={faults.timeZone} onChange={(timeZone) => set({ timeZone })} />
          {schedule.hours.map((hours, place) => (
            <HoursFields
              key={hours.key}
              hours={hours}
              number={place + 1}
              said={faults.hours[hours.key] ?? {}}
              readOnly={readOnly}
              set={(values) => setHours(hours.key, values)}
              remove={() => set({ hours: schedule.hours.filter((other) => other.key !== hours.key) })}
            />
          ))}
          {schedule.hours.length === 0 && <Text size="sm">There are no hours: it never answers.</Text>}
          {!readOnly && (
            <Button
              variant="default"
              size="xs"
              style={{ alignSelf: "start" }}
              disabled={schedule.hours.length >= MOST_HOURS}
              onClick={() => set({ hours: [...schedule.hours, officeHours(Math.max(-1, ...schedule.hours.map(({ key }) => key)) + 1)] })}
            >
              Add hours
            </Button>
          )}
          <Textarea label="What is said at other times" description="On a messenger once for each conversation and closed time." autosize minRows={2} maxLength={1000} disabled={readOnly} value={schedule.text} error={faults.outside} onChange={(event) => set({ text: event.currentTarget.value })} />
          <Checkbox label="Hand the conversation to a person" description="Where people can be waited for: on messengers." checked={schedule.handoff} disabled={readOnly} onChange={(event) => set({ handoff: event.currentTarget.checked })} />
        </>
      )}
    </Section>
  );
}

function HoursFields(props: { hours: TypedHours; number: number; said: { days?: string; from?: string; to?: string }; readOnly: boolean; set: (values: Partial<TypedHours>) => void; remove: () => void }) {
  const { hours, number, said, readOnly, set } = props;
  return (
    <Fieldset legend={`Hours ${number}`} p="sm">
      <Stack gap="xs">
        <Chip.Group multiple value={hours.days} onChange={(days) => set({ days })}>
          <Group gap={6}>
            {DAYS.map(({ value, label }) => (
              <Chip key={value} value={value} size="xs" disabled={readOnly}>
                {label}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        {said.days && <Input.Error role="alert">{said.days}</Input.Error>}
        <Group gap="xs" align="start">
          <TextInput label="From" type="time" w={130} disabled={readOnly} value={hours.from} error={said.from} onChange={(event) => set({ from: event.currentTarget.value })} />
          <TextInput label="To" type="time" w={130} disabled={readOnly} value={hours.to} error={said.to} onChange={(event) => set({ to: event.currentTarget.value })} />
          {!readOnly && (
            <Button variant="subtle" size="xs" mt={27} aria-label={`Remove hours ${number}`} onClick={props.remove}>
              Remove
            </Button>
          )}
        </Group>
        {(overnight(hours) || allDay(hours)) && (
          <Text size="xs" c="dimmed">
            {allDay(hours) ? "All day." : "Until the next day."}
          </Text>
        )}
      </Stack>
    </Fieldset>
  );
}

/** Channels that no messenger brings. */
const OWN_CHANNELS = [
  { value: "web", label: "Web" },
  { value: "mobile", label: "Mobile" },
  { value: "api", label: "API" },
];

/** Which messages an agent takes at all. */
export function Filters(props: { ignore: string[]; only: string[]; readOnly: boolean; setIgnore: (phrases: string[]) => void; setOnly: (channels: string[]) => void }) {
  const known = [...OWN_CHANNELS, ...channelChoices(useChannelTypes())];
  const choices = [...known, ...props.only.map((value) => ({ value, label: value }))].filter((one, at, all) => all.findIndex(({ value }) => value === one.value) === at);
  return (
    <Section title="What it leaves alone" about="Such a message is kept, not answered, and costs nothing.">
      <TagsInput label="Messages that say" description="Words or phrases, in any case; Enter after each" maxTags={100} maxLength={100} disabled={props.readOnly} value={props.ignore} onChange={props.setIgnore} />
      <Checkbox.Group label="It answers only on" description="None: on every channel" value={props.only} onChange={props.setOnly}>
        <Group gap="md" mt="xs">
          {choices.map(({ value, label }) => (
            <Checkbox key={value} value={value} label={label} disabled={props.readOnly} />
          ))}
        </Group>
      </Checkbox.Group>
    </Section>
  );
}
