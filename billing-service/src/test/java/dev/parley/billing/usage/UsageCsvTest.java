package dev.parley.billing.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageCsvTest {
    @Test
    void whatASpreadsheetWouldRunIsTextAndWhatBreaksRowsIsQuoted() {
        assertThat(UsageCsv.cell("concierge")).isEqualTo("concierge");
        assertThat(UsageCsv.cell("")).isEmpty();
        for (String formula : new String[] {"=1+1", "+1", "-1", "@SUM(A1)"}) {
            assertThat(UsageCsv.cell(formula)).isEqualTo("'" + formula);
        }
        assertThat(UsageCsv.cell("\t=1")).isEqualTo("'\t=1");
        assertThat(UsageCsv.cell("\r=1")).isEqualTo("\"'\r=1\"");
        assertThat(UsageCsv.cell("a,b")).isEqualTo("\"a,b\"");
        assertThat(UsageCsv.cell("say \"hi\"")).isEqualTo("\"say \"\"hi\"\"\"");
        assertThat(UsageCsv.cell("a\nb")).isEqualTo("\"a\nb\"");
    }
}
