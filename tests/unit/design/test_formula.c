/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/design.h"

#include "core/strbuf.h"
#include "support/test.h"

#include <stdlib.h>

/* "a b a:b | a b": terms, then variables; "0 " before them without an intercept. */
static void describe(const mtp_formula *f, mtp_strbuf *text)
{
    mtp_strbuf_init(text);
    mtp_strbuf_add(text, f->intercept ? "1" : "0");
    for (size_t t = 0; t < f->n_terms; t++) {
        mtp_strbuf_printf(text, " + %s", f->term[t].name);
    }
    for (size_t v = 0; v < f->n_variables; v++) {
        mtp_strbuf_printf(text, "%s%s", v ? ", " : " | ", f->variable[v]);
    }
}

static void check(const char *formula, const char *want)
{
    mtp_formula *f = NULL;
    mtp_strbuf got;
    mtp_error err;

    if (mtp_formula_parse(formula, &f, &err) != MTP_OK) {
        fail_msg("%s: %s", formula, err.message);
    }
    describe(f, &got);
    assert_string_equal(got.text, want);
    assert_string_equal(f->text, formula);
    mtp_strbuf_free(&got);
    mtp_formula_free(f);
}

/* Terms and their order by R's terms(); tests/oracle/design_r.json has more. */
static void operators(void **state)
{
    (void)state;
    check("a", "1 + a | a");
    check("~ a", "1 + a | a");
    check("+a", "1 + a | a");
    check("a*b", "1 + a + b + a:b | a, b");
    check("a*b*c", "1 + a + b + c + a:b + a:c + b:c + a:b:c | a, b, c");
    check("a:b + c", "1 + c + a:b | a, b, c");
    check("b:a + a", "1 + a + b:a | b, a");
    check("a*b:c", "1 + a + b:c + a:b:c | a, b, c");
    check("a*b - a:b", "1 + a + b | a, b");
    check("a + b - a*b", "1");
    check("a + b - a + a", "1 + b + a | a, b");
    check("a + a + a:a", "1 + a | a");
    check("a:b + b:a", "1 + a:b | a, b");
    check("a + b - b", "1 + a | a");
    check("a:b + c - a:b", "1 + c | c");
}

static void intercept(void **state)
{
    (void)state;
    check("1", "1");
    check("a - 1", "0 + a | a");
    check("a + 0", "0 + a | a");
    check("0 + a", "0 + a | a");
    check("-1 + a", "0 + a | a");
    check("a + -1", "0 + a | a");
    check("a - 1 + 1", "1 + a | a");
    check("a + 0 - 0", "1 + a | a");
    check("a - a", "1");
    check("x \xE2\x88\x92 1", "0 + x | x"); /* U+2212 */
}

static void leaves(void **state)
{
    (void)state;
    check("product + setting + (followup_months > 13)",
          "1 + product + setting + followup_months > 13 | product, setting, "
          "followup_months > 13");
    check("a:(x > 1)", "1 + a:(x > 1) | a, x > 1");
    check("( x > 1 ) + (x > 1)", "1 + x > 1 | x > 1");
    check("(x) + \"x\" + x", "1 + x | x");
    check("\"x\" + x", "1 + x | \"x\"");
    check("\"a b\" + \"say \"\"so\"\"\"",
          "1 + \"a b\" + \"say \"\"so\"\"\" | \"a b\", \"say \"\"so\"\"\"");
    check("\"x > 1\" + (x > 1)", "1 + \"x > 1\" + x > 1 | \"x > 1\", x > 1");
    check("poly(x,2) + poly( x , 2 ) + poly (x, 2, raw)",
          "1 + poly(x, 2) + poly(x, 2, raw) | x");
    check("rcs(x, 3) + rcs(x, -1, 2.50, 1e3) + rcs((x / 10), 4)",
          "1 + rcs(x, 3) + rcs(x, -1, 2.5, 1000) + rcs((x / 10), 4) | x, x / 10");
    check("factor(year) * factor(\"a b\")",
          "1 + factor(year) + factor(\"a b\") + factor(year):factor(\"a b\") | year, "
          "\"a b\"");
    check("poly + rcs:factor", "1 + poly + rcs:factor | poly, rcs, factor");
    check("mean.age + jahr_\xC3\xA9",
          "1 + mean.age + jahr_\xC3\xA9 | mean.age, jahr_\xC3\xA9");
    check("\n a\xC2\xA0+\t b\r\n", "1 + a + b | a, b");
}

static void parentheses_hold_sql(void **state)
{
    (void)state;
    check("(a = ')')", "1 + a = ')' | a = ')'");
    check("(a = 'it''s )') + b", "1 + a = 'it''s )' + b | a = 'it''s )', b");
    check("(\"a)b\" > 1)", "1 + \"a)b\" > 1 | \"a)b\" > 1");
    check("([a)b] + `c(` > 1)", "1 + [a)b] + `c(` > 1 | [a)b] + `c(` > 1");
    check("((a + b) * (c))", "1 + (a + b) * (c) | (a + b) * (c)");
    check("(a /* ) */ + b)", "1 + a /* ) */ + b | a /* ) */ + b");
    check("(a -- )\n + b)", "1 + a -- )\n + b | a -- )\n + b");
    check("(a - b / c)", "1 + a - b / c | a - b / c");
}

static void structure_of_leaves(void **state)
{
    mtp_formula *f;

    (void)state;
    assert_int_equal(
        mtp_formula_parse("b:rcs(x, 1, 2, 4.5) + poly(x, 3, raw)", &f, NULL), MTP_OK);
    assert_int_equal(f->n_leaves, 3);
    assert_int_equal(f->leaf[1].kind, MTP_LEAF_RCS);
    assert_int_equal(f->leaf[1].n_knots, 3);
    assert_close(f->leaf[1].knots[2], 4.5, 0.0, 0.0);
    assert_int_equal(f->leaf[1].position, 2);
    assert_int_equal(f->leaf[1].variable, 1);
    assert_int_equal(f->leaf[2].kind, MTP_LEAF_POLY);
    assert_int_equal(f->leaf[2].degree, 3);
    assert_true(f->leaf[2].raw);
    assert_int_equal(f->leaf[2].variable, 1);
    assert_int_equal(f->term[1].n_leaves, 2);
    assert_int_equal(f->term[1].leaf[0], 0);
    assert_int_equal(f->term[1].leaf[1], 1);
    mtp_formula_free(f);
    mtp_formula_free(NULL);
}

static void refused(const char *formula, const char *message)
{
    mtp_formula *f = NULL;
    mtp_error err;

    assert_int_equal(mtp_formula_parse(formula, &f, &err), MTP_E_SYNTAX);
    assert_string_equal(err.message, message);
    assert_null(f);
    assert_int_equal(mtp_formula_parse(formula, &f, NULL), MTP_E_SYNTAX);
}

#define TERM_DUE                                                                       \
    "here a term is due: a column, poly(), rcs(), factor() or SQL in parentheses"

static void errors_between_terms(void **state)
{
    (void)state;
    refused("", "the formula is empty");
    refused(" ~ ", "the formula is empty");
    refused("0", "the formula has neither terms nor an intercept");
    refused("a - a - 1", "the formula has neither terms nor an intercept");
    refused("product + * year", "character 11 of the formula, '* year': " TERM_DUE);
    refused("a +", "at the end of the formula 'a +': " TERM_DUE);
    refused("a - + b", "character 5 of the formula, '+ b': " TERM_DUE);
    refused("\xC3\xA9 b",
            "character 3 of the formula, 'b': between two terms stands + - * or :; a "
            "name with blanks or signs in it stands in double quotes");
    refused("a^2 + one_two_three_four_five_six",
            "character 2 of the formula, '^2 + one_two_three_four_...': formulas have "
            "the operators + - * and : and no left side; SQL stands in parentheses: (x "
            "/ 10)");
    refused("a)", "character 2 of the formula, ')': nothing is open that this would "
                  "close");
    refused("Ide-cel",
            "character 5 of the formula, 'cel': no such term stands before it to be "
            "taken away; a column with a '-' in its name stands in double quotes");
}

static void errors_in_leaves(void **state)
{
    (void)state;
    refused("a:1",
            "character 3 of the formula, '1': a number is no term; 0 and 1 stand "
            "for the intercept, alone between signs");
    refused("2", "character 1 of the formula, '2': a number is no term; 0 and 1 stand "
                 "for the intercept, alone between signs");
    refused("1st", "character 1 of the formula, '1st': neither a number nor a name; a "
                   "column whose name starts with a digit stands in double quotes");
    refused("log(x)",
            "character 1 of the formula, 'log(x)': a formula has the functions "
            "poly(), rcs() and factor(); any other is SQL, in parentheses of its own: "
            "(ln(x)), (sqrt(x))");
    refused("'a'", "character 1 of the formula, ''a'': a name that needs quotes stands "
                   "in double quotes: \"a name\"");
    refused("\"a", "character 1 of the formula, '\"a': this quote is not closed");
    refused("\"\"", "character 1 of the formula, '\"\"': a name without a character");
    refused("( )", "character 1 of the formula, '( )': there is nothing in these "
                   "parentheses");
    refused("(a", "character 1 of the formula, '(a': this parenthesis is not closed");
    refused("(a = ')", "character 1 of the formula, '(a = ')': a quote, bracket or "
                       "comment in these parentheses is not closed");
    refused("(a /* )", "character 1 of the formula, '(a /* )': a quote, bracket or "
                       "comment in these parentheses is not closed");
}

static void errors_in_functions(void **state)
{
    (void)state;
    refused("poly(x)", "character 7 of the formula, ')': poly() takes a degree behind "
                       "its column: poly(x, 2)");
    refused("poly(x, 0)", "character 9 of the formula, '0)': the degree of poly() is a "
                          "whole number from 1 to 25");
    refused("poly(x, 2.5)", "character 9 of the formula, '2.5)': the degree of poly() "
                            "is a whole number from 1 to 25");
    refused("poly(x, 2, RAW)",
            "character 12 of the formula, 'RAW)': behind the degree there may be the "
            "word raw alone: poly(x, 2, raw)");
    refused("poly(x, 2", "at the end of the formula 'poly(x, 2': here a closing "
                         "parenthesis is due");
    refused("poly(ln(x), 2)",
            "character 6 of the formula, 'ln(x), 2)': an expression inside a function "
            "stands in parentheses of its own: poly((x / 10), 2)");
    refused("poly(, 2)", "character 6 of the formula, ', 2)': here a column, or SQL in "
                         "parentheses, is due");
    refused("rcs(x, 2)", "character 8 of the formula, '2)': rcs() places 3 to 7 knots: "
                         "rcs(x, 3); or name three or more: rcs(x, 5, 10, 20)");
    refused("rcs(x, 1, 2)", "character 8 of the formula, '1, 2)': rcs() needs at least "
                            "three knots");
    refused("rcs(x, 1, 3, 2)", "character 8 of the formula, '1, 3, 2)': the knots of "
                               "rcs() must increase");
    refused("rcs(x, a)", "character 8 of the formula, 'a)': rcs() takes a number of "
                         "knots, or knots, behind its column: rcs(x, 3)");
    refused("rcs(x, 1, 2, 1e999)",
            "character 14 of the formula, '1e999)': rcs() takes a number of knots, or "
            "knots, behind its column: rcs(x, 3)");
    refused("factor(a, b)", "character 9 of the formula, ', b)': here a closing "
                            "parenthesis is due");
}

static void limits(void **state)
{
    mtp_strbuf b;
    mtp_error err;
    mtp_formula *f = NULL;

    (void)state;
    refused("a*b*c*d*e*f*g*h*i", "character 17 of the formula, 'i': with this the "
                                 "formula has more than 256 terms");
    mtp_strbuf_init(&b);
    for (int i = 0; i < MTP_FORMULA_LEAVES; i++) {
        mtp_strbuf_printf(&b, "%sx%d", i ? "+" : "", i);
    }
    assert_int_equal(mtp_formula_parse(b.text, &f, NULL), MTP_OK);
    assert_int_equal(f->n_leaves, MTP_FORMULA_LEAVES);
    mtp_formula_free(f);
    mtp_strbuf_add(&b, ":one_more");
    assert_int_equal(mtp_formula_parse(b.text, &f, &err), MTP_E_SYNTAX);
    assert_non_null(strstr(err.message, "at most 64 different leaves"));
    while (b.length <= MTP_FORMULA_BYTES) {
        mtp_strbuf_add(&b, " ");
    }
    assert_int_equal(mtp_formula_parse(b.text, &f, &err), MTP_E_SYNTAX);
    assert_string_equal(err.message, "a formula has at most 8192 characters");
    mtp_strbuf_free(&b);
}

static void terms_by_name(void **state)
{
    static const struct {
        const char *text;
        size_t term;
    } found[] = {{"product", 0},     {"\"product\"", 0},     {" product ", 0},
                 {"x > 1", 1},       {"(x > 1)", 1},         {"poly(x,2)", 2},
                 {"poly(x, 2)", 2},  {"product:(x > 1)", 4}, {"(x > 1):product", 4},
                 {"year:product", 5}};
    mtp_formula *f;
    mtp_error err;
    size_t term = 99;

    (void)state;
    assert_int_equal(
        mtp_formula_parse("product*(x > 1) + poly(x, 2) + year + product:year", &f,
                          NULL),
        MTP_OK);
    assert_string_equal(f->term[5].name, "product:year");
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        assert_int_equal(mtp_formula_find_term(f, found[i].text, &term, &err), MTP_OK);
        assert_int_equal(term, found[i].term);
    }
    term = 99;
    assert_int_equal(mtp_formula_find_term(f, "Product", &term, &err), MTP_E_ARG);
    assert_string_equal(err.message,
                        "'Product' is no term of the formula; did you mean 'product'? "
                        "there are 'product', 'x > 1', 'poly(x, 2)', 'year', "
                        "'product:(x > 1)', 'product:year'");
    assert_int_equal(mtp_formula_find_term(f, "poly(x, 3)", &term, &err), MTP_E_ARG);
    assert_int_equal(mtp_formula_find_term(f, "year:(x > 1)", &term, &err), MTP_E_ARG);
    assert_int_equal(mtp_formula_find_term(f, "", &term, &err), MTP_E_ARG);
    assert_int_equal(term, 99);
    mtp_formula_free(f);
}

static void variables_by_name(void **state)
{
    static const struct {
        const char *text;
        size_t variable;
    } found[] = {{"x", 0},       {"\"x\"", 0},     {"(x)", 0},       {"a b", 1},
                 {"\"a b\"", 1}, {"(a b)", 99},    {"", 99},         {"y > 1", 2},
                 {"(y > 1)", 2}, {"rcs(x, 4)", 0}, {"rcs( x,4 )", 0}};
    mtp_formula *f;
    mtp_error err;

    (void)state;
    assert_int_equal(mtp_formula_parse("rcs(x, 4) + \"a b\":(y > 1) + x", &f, NULL),
                     MTP_OK);
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        size_t variable = 99;

        assert_int_equal(mtp_formula_find_variable(f, found[i].text, &variable, &err),
                         found[i].variable == 99 ? MTP_E_ARG : MTP_OK);
        assert_int_equal(variable, found[i].variable);
    }
    mtp_formula_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators),
        cmocka_unit_test(intercept),
        cmocka_unit_test(leaves),
        cmocka_unit_test(parentheses_hold_sql),
        cmocka_unit_test(structure_of_leaves),
        cmocka_unit_test(errors_between_terms),
        cmocka_unit_test(errors_in_leaves),
        cmocka_unit_test(errors_in_functions),
        cmocka_unit_test(limits),
        cmocka_unit_test(terms_by_name),
        cmocka_unit_test(variables_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
