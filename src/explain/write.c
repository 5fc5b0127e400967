/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tree as plain text, LaTeX or MathML: one walk, with the marks of each notation. */
#include "core/number.h"
#include "explain/expr.h"

#include <math.h>
#include <string.h>

/* How tightly a part binds; one that binds less than its place wants has parentheses.
 */
enum { LOOSE = 0, SUM = 2, SIGN = 3, PRODUCT = 4, OPERAND = 5, POWER = 6, ATOM = 8 };

typedef struct marks {
    const char *open, *middle, *close;
} marks;

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
static const marks subscript[] = {
    {"", "", ""}, {"", "_{", "}"}, {"<msub><mrow>", "</mrow><mrow>", "</mrow></msub>"}};

static void write(mtp_strbuf *out, const mtp_expr *e, const mtp_expr_look *look,
                  int wanted);

void mtp_expr_write_number(mtp_strbuf *out, const char *text, mtp_notation notation)
{
    size_t length = strcspn(text, "e");
    const char *exponent = text[length] == 'e' ? text + length + 1 : NULL;
    bool negative = text[0] == '-';

    if (notation == MTP_NOTATION_TEXT) {
        mtp_strbuf_add(out, text);
        return;
    }
    if (exponent) {
        negative = exponent[0] == '-';
        exponent += exponent[0] == '-' || exponent[0] == '+';
        exponent += strspn(exponent, "0");
    }
    if (notation == MTP_NOTATION_LATEX) {
        mtp_strbuf_add_bytes(out, text, length);
        if (exponent) {
            mtp_strbuf_printf(out, " \\times 10^{%s%s}", negative ? "-" : "", exponent);
        }
        return;
    }
    mtp_strbuf_add(out, text[0] == '-' ? "<mo>\xE2\x88\x92</mo><mn>" : "<mn>");
    mtp_strbuf_add_bytes(out, text + (text[0] == '-'), length - (text[0] == '-'));
    mtp_strbuf_add(out, "</mn>");
    if (exponent) {
        mtp_strbuf_printf(
            out, "<mo>\xC3\x97</mo><msup><mn>10</mn><mrow>%s<mn>%s</mn></mrow></msup>",
            negative ? "<mo>\xE2\x88\x92</mo>" : "", exponent);
    }
}

/* Names that are not spelled out. */
static const struct {
    const char *name, *latex, *mathml;
} letters[] = {
    {"tau2", "\\tau^2", "<msup><mi>\xCF\x84</mi><mn>2</mn></msup>"},
    {"tau", "\\tau", "<mi>\xCF\x84</mi>"},
    {"alpha", "\\alpha", "<mi>\xCE\xB1</mi>"},
    {"sigma", "\\sigma", "<mi>\xCF\x83</mi>"},
    {"mu", "\\hat\\mu", "<mover><mi>\xCE\xBC</mi><mo>^</mo></mover>"},
    {"beta", "\\hat\\beta", "<mover><mi>\xCE\xB2</mi><mo>^</mo></mover>"},
    {"theta", "\\theta", "<mi>\xCE\xB8</mi>"},
    {"rho", "\\rho", "<mi>\xCF\x81</mi>"},
    {"sigma2", "\\sigma^2", "<msup><mi>\xCF\x83</mi><mn>2</mn></msup>"},
    {"pi", "\\pi", "<mi>\xCF\x80</mi>"},
    {"phi", "\\phi", "<mi>\xCF\x95</mi>"},
    {"I2", "I^2", "<msup><mi>I</mi><mn>2</mn></msup>"},
    {"H2", "H^2", "<msup><mi>H</mi><mn>2</mn></msup>"},
    {"R2", "R^2", "<msup><mi>R</mi><mn>2</mn></msup>"},
    {"X2", "X^2", "<msup><mi>X</mi><mn>2</mn></msup>"},
    {"ws", "w^{*}", "<msup><mi>w</mi><mo>*</mo></msup>"},
    {"vs", "v^{*}", "<msup><mi>v</mi><mo>*</mo></msup>"},
    {"lambda", "\\lambda", "<mi>\xCE\xBB</mi>"},
    {"delta", "\\delta", "<mi>\xCE\xB4</mi>"},
    {"psi", "\\psi", "<mi>\xCF\x88</mi>"},
    {"ell", "\\ell", "<mi>\xE2\x84\x93</mi>"},
};

/* Letters of a name, without its digits at the end. */
static void write_letters(mtp_strbuf *out, const char *text, size_t length, bool latex)
{
    if (length == 1) {
        mtp_strbuf_printf(out, latex ? "%c" : "<mi>%c</mi>", text[0]);
    } else {
        mtp_strbuf_printf(out, latex ? "\\mathrm{%.*s}" : "<mi>%.*s</mi>", (int)length,
                          text);
    }
}

/* Adds a known name; false for any other. */
static bool write_known(mtp_strbuf *out, const char *text, size_t length, bool latex)
{
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if (strlen(letters[i].name) == length &&
            strncmp(letters[i].name, text, length) == 0) {
            mtp_strbuf_add(out, latex ? letters[i].latex : letters[i].mathml);
            return true;
        }
    }
    return false;
}

static size_t without_digits(const char *text, size_t length)
{
    while (length > 1 && text[length - 1] >= '0' && text[length - 1] <= '9') {
        length--;
    }
    return length;
}

/* What stands below: "1", "i", "max", and "ij" as its letters. */
static void write_below(mtp_strbuf *out, const char *text, size_t length, bool latex)
{
    bool index = length == 1 || strspn(text, "0123456789ij") >= length;

    mtp_strbuf_printf(out, latex ? index ? "%.*s" : "\\mathrm{%.*s}" : "<mi>%.*s</mi>",
                      (int)length, text);
}

/* "n1" is n with the subscript 1, "w_i" w with i, "se_mu" se with mu. */
static void write_name(mtp_strbuf *out, const char *name, mtp_notation notation)
{
    bool latex = notation == MTP_NOTATION_LATEX;
    size_t base = strcspn(name, "_"), plain = without_digits(name, base);
    const char *below = name + base;
    bool known;
    mtp_strbuf head;

    if (notation == MTP_NOTATION_TEXT) {
        mtp_strbuf_add(out, name);
        return;
    }
    mtp_strbuf_init(&head);
    known = write_known(&head, name, base, latex);
    if (!known && !write_known(&head, name, plain, latex)) {
        write_letters(&head, name, plain, latex);
    }
    if (known || plain == base) {
        plain = base;
    }
    if (head.failed) {
        out->failed = true;
    } else if (plain == base && !*below) {
        mtp_strbuf_add(out, head.text);
    } else {
        mtp_strbuf_printf(out, "%s%s%s", subscript[notation].open, head.text,
                          subscript[notation].middle);
        if (plain < base) {
            write_below(out, name + plain, base - plain, latex);
        }
        while (*below) {
            size_t length = strcspn(below + 1, "_");

            mtp_strbuf_add(
                out, plain < base || below > name + base ? comma[notation].open : "");
            write_below(out, below + 1, length, latex);
            below += length + 1;
        }
        mtp_strbuf_add(out, subscript[notation].close);
    }
    mtp_strbuf_free(&head);
}

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
    const marks *m = &subscript[look->notation];

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
        mtp_strbuf_printf(out, latex ? "%s" : "<mi>%s</mi><mo>\xE2\x81\xA1</mo>",
                          latex ? mtp_expr_function_latex(e->function)
                          : e->function == MTP_EXPR_PHI     ? "\xCE\xA6"
                          : e->function == MTP_EXPR_DENSITY ? "\xCF\x86"
                                                            : name);
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
        write_name(out, e->text, n);
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
