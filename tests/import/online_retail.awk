# online_retail.awk - an independent count of an online-retail file, in awk:
# what `wharf import --format online-retail --json` must say of it in `store`.
#
#   zcat FILE.csv.gz | awk -f online_retail.awk
#
# Sales are lines of no C and no A with a positive quantity and no negative
# price; what is left of C is a credit note. A line is quantity times price,
# rounded half up to the cent. Columns as the set has them.
function split_csv(line, f,    n, i, c, quoted, cell) {
    n = 0; cell = ""; quoted = 0
    if (line !~ /"/) return split(line, f, ",")
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (quoted && c == "\"" && substr(line, i + 1, 1) == "\"") { cell = cell c; i++ }
        else if (c == "\"") quoted = !quoted
        else if (c == "," && !quoted) { f[++n] = cell; cell = "" }
        else cell = cell c
    }
    f[++n] = cell
    return n
}
function cents(qty, price,    part, digits, scale) {
    split(price, part, "."); scale = 10 ^ length(part[2])
    digits = part[1] part[2]
    return int((2 * qty * digits * 100 + scale) / (2 * scale))
}
NR == 1 { next }
{
    sub(/\r$/, "")
    split_csv($0, f)
    invoice = f[1]; qty = f[4]; price = f[6]; customer = f[7]; country = f[8]
    kind = substr(invoice, 1, 1)
    if (kind == "A" || price < 0) next
    if (kind == "C" && qty < 0) {
        notes[invoice] = country; credit_lines[country]++
        credited[country] += cents(-qty, price)
    } else if (kind != "C" && qty > 0) {
        orders[invoice] = country; lines[country]++
        revenue[country] += cents(qty, price)
    } else next
    countries[country]
    if (customer != "NA" && customer != "") customers[customer]
}
END {
    for (i in orders) { order_count[orders[i]]++; all_orders++ }
    for (i in notes) { note_count[notes[i]]++; all_notes++ }
    for (c in customers) all_customers++
    for (c in countries) {
        printf "%s\t%d\t%d\t%d\t%d\t%d\t%d\n", c, order_count[c], lines[c],
            revenue[c], note_count[c], credit_lines[c], credited[c]
        all_lines += lines[c]; all_revenue += revenue[c]
        all_credit_lines += credit_lines[c]; all_credited += credited[c]
    }
    printf "*\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", all_orders, all_lines,
        all_revenue, all_notes, all_credit_lines, all_credited, all_customers
}
