package dev.parley.platform.lifecycle;

import dev.parley.platform.lifecycle.TenantTable.Export;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Reads a tenant's rows of one kind in pages, each beginning after the key of the last row before it. */
final class TenantRows {
    private static final int PAGE = 500;

    private final Handle handle;
    private final Export export;
    private final String first;
    private final String next;

    TenantRows(Handle handle, Export export) {
        this.handle = handle;
        this.export = export;
        Map<String, String> types = types(handle, export.source());
        String keys = list(export.key(), "t.%s");
        String select =
                "select (select row_to_json(x)::text from (select %s) x), %s from app.%s t where t.tenant_id = app.tenant()"
                        .formatted(list(export.columns(), "t.%s"), list(export.key(), "t.%s::text"), export.source());
        String order = " order by %s limit %d".formatted(keys, PAGE);
        this.first = select + order;
        this.next = select
                + " and (%s) > (%s)"
                        .formatted(
                                keys,
                                IntStream.range(0, export.key().size())
                                        .mapToObj(i -> "cast(:k" + i + " as "
                                                + types.get(export.key().get(i)) + ")")
                                        .collect(Collectors.joining(", ")))
                + order;
    }

    /** A row as JSON, and its key as texts. */
    record Row(String json, List<String> key) {}

    /** What a reader does with a row. */
    interface Reader {
        void read(Row row);
    }

    /** Gives all rows to the reader, in the order of their key. */
    void forEach(Reader reader) {
        List<Row> page = rows(handle.createQuery(first));
        while (!page.isEmpty()) {
            page.forEach(reader::read);
            if (page.size() < PAGE) {
                return;
            }
            Query query = handle.createQuery(next);
            List<String> after = page.getLast().key();
            for (int i = 0; i < after.size(); i++) {
                query.bind("k" + i, after.get(i));
            }
            page = rows(query);
        }
    }

    private List<Row> rows(Query query) {
        return query.map((row, context) -> {
                    List<String> key = new ArrayList<>();
                    for (int i = 0; i < export.key().size(); i++) {
                        key.add(row.getString(i + 2));
                    }
                    return new Row(row.getString(1), key);
                })
                .list();
    }

    private static Map<String, String> types(Handle handle, String table) {
        return handle
                .createQuery("""
                        select attname, format_type(atttypid, atttypmod) as type from pg_attribute
                         where attrelid = cast(:table as regclass) and attnum > 0 and not attisdropped
                        """)
                .bind("table", "app." + table)
                .map((row, context) -> Map.entry(row.getString("attname"), row.getString("type")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String list(List<String> names, String pattern) {
        return names.stream().map(pattern::formatted).collect(Collectors.joining(", "));
    }
}
