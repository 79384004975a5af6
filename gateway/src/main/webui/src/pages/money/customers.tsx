import { Route, Routes } from "react-router";
import type { Me } from "../../api/types";
import { atLeast } from "../../api/roles";
import { CustomerDraft } from "./customer-draft";
import { CustomerInvoices } from "./customer-invoices";

/** The invoices of an organisation to its own customers: the list, and for those who manage the form. */
export default function CustomerPages({ me }: { me: Me }) {
  const manages = atLeast(me.role, "admin");
  return (
    <Routes>
      {manages && <Route path="new" element={<CustomerDraft />} />}
      {manages && <Route path=":id" element={<CustomerDraft />} />}
      <Route path="*" element={<CustomerInvoices me={me} />} />
    </Routes>
  );
}
