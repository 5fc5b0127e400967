/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tree as plain text, LaTeX or MathML: one walk, with the marks of each notation. */
#include "core/number.h"
#include "explain/notation.h"

#include <math.h>
#include <string.h>

/* How tightly a part binds; one that binds less than its place wants has parentheses.
 */
enum { LOOSE = 0, SUM = 2, SIGN = 3, PRODUCT = 4, OPERAND = 5, POWER = 6, ATOM = 8 };

typedef mtp_marks marks;

/* In the order of mtp_notation. */
static const marks parenthesis[] = {{"(", "", ")"},
                                    {"\\left(", "", "\\right)"},
                                    {"<mrow><mo>(</mo>", "", "<mo>)</mo></mrow>"}};
static const marks fraction[] = {{"", " / ", ""},
                                 {"\\frac{", "}{", "}"},
                                 {"<mfrac><mrow>", "</mrow><mrow>", "</mrow></mfrac>"}};
static const marks power[] = {{"", "^", ""},
                              {"{", "}^{", "}"},
                              {"<msup><mrow>", "</mrow><mrow>", "</mrow></msup>"}};
static const marks root[] = {
    {"sqrt(", "", ")"}, {"\\sqrt{", "", "}"}, {"<msqrt>", "", "</msqrt>"}};
static const marks absolute[] = {{"abs(", "", ")"},
                                 {"\\lvert ", "", "\\rvert"},
                                 {"<mrow><mo>|</mo>", "", "<mo>|</mo></mrow>"}};
static const marks sum[] = {
    {"sum(", "", ")"},
    {"\\sum_{i} ", "", ""},
    {"<munder><mo>\xE2\x88\x91</mo><mi>i</mi></munder>", "", ""}};
/* Over groups, and over the studies of one. */
static const marks sum_groups[] = {
    {"sum(", "", ")"},
    {"\\sum_{g} ", "", ""},
    {"<munder><mo>\xE2\x88\x91</mo><mi>g</mi></munder>", "", ""}};
static const marks sum_members[] = {
    {"sum_g(", "", ")"},
    {"\\sum_{i \\in g} ", "", ""},
    {"<munder><mo>\xE2\x88\x91</mo><mrow><mi>i</mi><mo>\xE2\x88\x88</mo><mi>g</mi>"
     "</mrow></munder>",
     "", ""}};
static const marks plus[] = {{" + ", "", ""}, {" + ", "", ""}, {"<mo>+</mo>", "", ""}};
static const marks minus[] = {
    {" - ", "", ""}, {" - ", "", ""}, {"<mo>\xE2\x88\x92</mo>", "", ""}};
static const marks sign[] = {
    {"-", "", ""}, {"-", "", ""}, {"<mo>\xE2\x88\x92</mo>", "", ""}};
static const marks times[] = {
    {" * ", "", ""}, {" \\cdot ", "", ""}, {"<mo>\xC2\xB7</mo>", "", ""}};
static const marks beside[] = {
    {" * ", "", ""}, {" ", "", ""}, {"<mo>\xE2\x81\xA2</mo>", "", ""}};
static const marks comma[] = {{", ", "", ""}, {", ", "", ""}, {"<mo>,</mo>", "", ""}};
static const marks semicolon[] = {
    {", ", "", ""}, {"; ", "", ""}, {"<mo>;</mo>", "", ""}};
static const marks at_least[] = {
    {", ", "", ""}, {" \\ge ", "", ""}, {"<mo>\xE2\x89\xA5</mo>", "", ""}};
static void write(mtp_strbuf *out, const mtp_expr *e, const mtp_expr_look *look,
                  int wanted);

static void write_in(mtp_strbuf *out, const marks *m, const mtp_expr *e,
                     const mtp_expr_look *look, int wanted)
{
    mtp_strbuf_add(out, m->open);
    write(out, e, look, wanted);
    mtp_strbuf_add(out, m->close);
}

static void write_two(mtp_strbuf *out, const marks *m, const mtp_expr *e,
                      const mtp_expr_look *look, const int wanted[2])
{
    mtp_strbuf_add(out, m->open);
    write(out, e->part[0], look, wanted[0]);
    mtp_strbuf_add(out, m->middle);
    write(out, e->part[1], look, wanted[1]);
    mtp_strbuf_add(out, m->close);
}

/* f(a, b) */
static void write_arguments(mtp_strbuf *out, const mtp_expr *e,
                            const mtp_expr_look *look)
{
    const marks *p = &parenthesis[look->notation];

    mtp_strbuf_add(out, p->open);
    for (size_t i = 0; i < e->n; i++) {
        mtp_strbuf_add(out, i > 0 ? comma[look->notation].open : "");
        write(out, e->part[i], look, LOOSE);
    }
    mtp_strbuf_add(out, p->close);
}

/* A letter with its parts below from `first` on: t_{0.975; 12}. */
static void write_indexed(mtp_strbuf *out, const char *letter, const mtp_expr *e,
                          size_t first, const mtp_expr_look *look)
{
    const marks *m = &mtp_subscript[look->notation];

    mtp_strbuf_printf(out, "%s%s%s", m->open, letter, m->middle);
    for (size_t i = first; i < e->n; i++) {
        mtp_strbuf_add(out, i > first ? semicolon[look->notation].open : "");
        write(out, e->part[i], look, LOOSE);
    }
    mtp_strbuf_add(out, m->close);
}

static const char *letter_of(mtp_expr_function function, bool latex)
{
    switch (function) {
    case MTP_EXPR_T:
    case MTP_EXPR_UPPER_T:
        return latex ? "t" : "<mi>t</mi>";
    case MTP_EXPR_CHI2:
    case MTP_EXPR_UPPER_CHI2:
        return latex ? "{\\chi^2}" : "<msup><mi>\xCF\x87</mi><mn>2</mn></msup>";
    case MTP_EXPR_UPPER_F:
        return latex ? "F" : "<mi>F</mi>";
    default:
        return latex ? "z" : "<mi>z</mi>";
    }
}

/* P(t_df >= x), of a variable whose degrees of freedom are the arguments after x. */
static void write_tail(mtp_strbuf *out, const mtp_expr *e, const mtp_expr_look *look)
{
    bool latex = look->notation == MTP_NOTATION_LATEX;
    const char *letter = letter_of(e->function, latex);

    mtp_strbuf_add(out, latex ? "P" : "<mi>P</mi>");
    mtp_strbuf_add(out, parenthesis[look->notation].open);
    if (e->n == 1) {
        mtp_strbuf_add(out, letter);
    } else {
        write_indexed(out, letter, e, 1, look);
    }
    mtp_strbuf_add(out, at_least[look->notation].open);
    write(out, e->part[0], look, LOOSE);
    mtp_strbuf_add(out, parenthesis[look->notation].close);
}

/* ln(x!) */
static void write_factorial(mtp_strbuf *out, const mtp_expr *e,
                            const mtp_expr_look *look)
{
    bool latex = look->notation == MTP_NOTATION_LATEX;

    mtp_strbuf_add(out, latex ? "\\ln " : "<mi>ln</mi><mo>\xE2\x81\xA1</mo>");
    write(out, e->part[0], look, ATOM);
    mtp_strbuf_add(out, latex ? "!" : "<mo>!</mo>");
}

static void write_function(mtp_strbuf *out, mtp_expr_function function, bool latex)
{
    if (latex) {
        mtp_strbuf_add(out, mtp_expr_function_latex(function));
        return;
    }
    switch (function) {
    case MTP_EXPR_PHI:
        mtp_strbuf_add(out, "<mi>\xCE\xA6</mi>");
        break;
    case MTP_EXPR_PHI2:
        mtp_strbuf_add(out, "<msub><mi>\xCE\xA6</mi><mn>2</mn></msub>");
        break;
    case MTP_EXPR_DENSITY:
        mtp_strbuf_add(out, "<mi>\xCF\x86</mi>");
        break;
    case MTP_EXPR_HYP:
        mtp_strbuf_add(out, "<mi>F</mi>");
        break;
    default:
        mtp_strbuf_printf(out, "<mi>%s</mi>", mtp_expr_function_name(function));
        break;
    }
    mtp_strbuf_add(out, "<mo>\xE2\x81\xA1</mo>");
}

static void write_call(mtp_strbuf *out, const mtp_expr *e, const mtp_expr_look *look)
{
    bool latex = look->notation == MTP_NOTATION_LATEX;
    const char *name = mtp_expr_function_name(e->function);

    if (e->function == MTP_EXPR_SQRT) {
        write_in(out, &root[look->notation], e->part[0], look, LOOSE);
    } else if (e->function == MTP_EXPR_ABS) {
        write_in(out, &absolute[look->notation], e->part[0], look, LOOSE);
    } else if (look->notation == MTP_NOTATION_TEXT) {
        mtp_strbuf_add(out, name);
        write_arguments(out, e, look);
    } else if (e->function == MTP_EXPR_LNFACT) {
        write_factorial(out, e, look);
    } else if (e->function >= MTP_EXPR_UPPER_Z) {
        write_tail(out, e, look);
    } else if (e->function >= MTP_EXPR_Z) {
        write_indexed(out, letter_of(e->function, latex), e, 0, look);
    } else {
        write_function(out, e->function, latex);
        write_arguments(out, e, look);
    }
}

/* Whether a formula is of groups: w_g. */
static bool is_of_groups(const mtp_expr *e)
{
    bool found = e->kind == MTP_EXPR_SYMBOL && strlen(e->text) > 2 &&
                 strcmp(e->text + strlen(e->text) - 2, "_g") == 0;

    for (size_t i = 0; i < e->n; i++) {
        found = found || is_of_groups(e->part[i]);
    }
    return found;
}

static const marks *marks_of_sum(const mtp_expr *e)
{
    return e->kind == MTP_EXPR_MEMBERS ? sum_members
           : is_of_groups(e)           ? sum_groups
                                       : sum;
}

static bool starts_with_number(const mtp_expr *e)
{
    while (e->n > 0 && e->kind != MTP_EXPR_CALL && e->kind != MTP_EXPR_SUM &&
           e->kind != MTP_EXPR_MEMBERS && e->kind != MTP_EXPR_DIVIDE) {
        e = e->part[0];
    }
    return e->kind == MTP_EXPR_NUMBER ||
           (e->kind == MTP_EXPR_DIVIDE && starts_with_number(e->part[0]));
}

static void write_product(mtp_strbuf *out, const mtp_expr *e, const mtp_expr_look *look)
{
    bool close = !look->scope && !starts_with_number(e->part[1]);
    bool text = look->notation == MTP_NOTATION_TEXT;

    write(out, e->part[0], look, PRODUCT);
    mtp_strbuf_add(out, (close ? beside : times)[look->notation].open);
    write(out, e->part[1], look, text ? OPERAND : PRODUCT);
}

/* Without parentheses. */
static void write_bare(mtp_strbuf *out, const mtp_expr *e, const mtp_expr_look *look)
{
    mtp_notation n = look->notation;
    bool text = n == MTP_NOTATION_TEXT;

    switch (e->kind) {
    case MTP_EXPR_NUMBER:
        mtp_expr_write_number(out, e->text, n);
        break;
    case MTP_EXPR_SYMBOL:
        mtp_write_name(out, e->text, n);
        break;
    case MTP_EXPR_ADD:
    case MTP_EXPR_SUBTRACT:
        write(out, e->part[0], look, SUM);
        mtp_strbuf_add(out, (e->kind == MTP_EXPR_ADD ? plus : minus)[n].open);
        write(out, e->part[1], look, PRODUCT);
        break;
    case MTP_EXPR_MULTIPLY:
        write_product(out, e, look);
        break;
    case MTP_EXPR_DIVIDE:
        write_two(out, &fraction[n], e, look,
                  text ? (const int[]){PRODUCT, OPERAND} : (const int[]){LOOSE, LOOSE});
        break;
    case MTP_EXPR_POWER:
        write_two(out, &power[n], e, look, (const int[]){ATOM, text ? ATOM : LOOSE});
        break;
    case MTP_EXPR_NEGATE:
        mtp_strbuf_add(out, sign[n].open);
        write(out, e->part[0], look, PRODUCT);
        break;
    case MTP_EXPR_CALL:
        write_call(out, e, look);
        break;
    case MTP_EXPR_SUM:
    case MTP_EXPR_MEMBERS:
        write_in(out, &marks_of_sum(e)[n], e->part[0], look, text ? LOOSE : PRODUCT);
        break;
    }
}

static int binding(const mtp_expr *e, mtp_notation notation)
{
    bool text = notation == MTP_NOTATION_TEXT;

    switch (e->kind) {
    case MTP_EXPR_ADD:
    case MTP_EXPR_SUBTRACT:
        return SUM;
    case MTP_EXPR_NEGATE:
        return SIGN;
    case MTP_EXPR_MULTIPLY:
        return PRODUCT;
    case MTP_EXPR_DIVIDE:
        return text ? PRODUCT : OPERAND;
    case MTP_EXPR_POWER:
        return POWER;
    case MTP_EXPR_SUM:
    case MTP_EXPR_MEMBERS:
        return text ? ATOM : SIGN;
    default:
        return ATOM;
    }
}

static void write_value(mtp_strbuf *out, const mtp_expr *e, const mtp_expr_look *look,
                        int wanted)
{
    mtp_figure f = mtp_expr_value(e, look->scope, look->i, MTP_EXACT);
    char text[MTP_NUMBER_TEXT];
    const marks *p = &parenthesis[look->notation];
    int bound;

    mtp_figure_text(f.value, look->digits, text, sizeof text);
    bound = text[0] == '-'                                              ? SIGN
            : !strchr(text, 'e') || look->notation == MTP_NOTATION_TEXT ? ATOM
                                                                        : PRODUCT;
    mtp_strbuf_add(out, bound < wanted ? p->open : "");
    mtp_expr_write_number(out, text, look->notation);
    mtp_strbuf_add(out, bound < wanted ? p->close : "");
}

static void write(mtp_strbuf *out, const mtp_expr *e, const mtp_expr_look *look,
                  int wanted)
{
    if (look->scope && mtp_expr_is_leaf(e)) {
        write_value(out, e, look, wanted);
    } else if (binding(e, look->notation) < wanted) {
        mtp_strbuf_add(out, parenthesis[look->notation].open);
        write_bare(out, e, look);
        mtp_strbuf_add(out, parenthesis[look->notation].close);
    } else {
        write_bare(out, e, look);
    }
}

void mtp_expr_write(mtp_strbuf *out, const mtp_expr *e, const mtp_expr_look *look)
{
    write(out, e, look, LOOSE);
}
