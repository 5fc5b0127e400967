/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers and names in each notation. */
#include "core/number.h"
#include "explain/notation.h"

#include <string.h>

const mtp_marks mtp_subscript[] = {
    {"", "", ""}, {"", "_{", "}"}, {"<msub><mrow>", "</mrow><mrow>", "</mrow></msub>"}};

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
    {"epsilon", "\\varepsilon", "<mi>\xCE\xB5</mi>"},
    {"nu", "\\nu", "<mi>\xCE\xBD</mi>"},
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

void mtp_write_name(mtp_strbuf *out, const char *name, mtp_notation notation)
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
        mtp_strbuf_printf(out, "%s%s%s", mtp_subscript[notation].open, head.text,
                          mtp_subscript[notation].middle);
        if (plain < base) {
            write_below(out, name + plain, base - plain, latex);
        }
        while (*below) {
            size_t length = strcspn(below + 1, "_");

            if (plain < base || below > name + base) {
                mtp_strbuf_add(out, latex ? ", " : "<mo>,</mo>");
            }
            write_below(out, below + 1, length, latex);
            below += length + 1;
        }
        mtp_strbuf_add(out, mtp_subscript[notation].close);
    }
    mtp_strbuf_free(&head);
}
