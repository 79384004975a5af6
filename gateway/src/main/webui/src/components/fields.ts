import { useState } from "react";

/** The texts of a form by name, and what each of its inputs needs. */
export function useFields<T extends Record<string, string>>(first: T) {
  const [values, setValues] = useState(first);
  const set = (name: keyof T & string, value: string) => setValues((before) => ({ ...before, [name]: value }));
  const field = (name: keyof T & string) => ({
    name,
    value: values[name],
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
  });
  return { values, field, set };
}

/** The values without those that are empty. */
export function filled(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value.trim() === "" ? [] : [[name, value.trim()]])));
}
