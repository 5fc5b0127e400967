/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a worked solution, and the formulas within them. */
#include "explain/solution.h"
#include "text/display.h"
#include "text/markup.h"

#include <string.h>

mtp_notation mtp_solution_notation(const mtp_solution *s)
{
    return s->format == MTP_FORMAT_HTML       ? MTP_NOTATION_MATHML
           : s->format == MTP_FORMAT_MARKDOWN ? MTP_NOTATION_LATEX
                                              : MTP_NOTATION_TEXT;
}

void mtp_solution_escape(const mtp_solution *s, const char *text)
{
    if (s->format == MTP_FORMAT_HTML) {
        mtp_markup_add(s->out, text);
        return;
    }
    for (; *text; text++) {
        if (s->format == MTP_FORMAT_MARKDOWN && strchr("\\`*_[]<>|~&#$", *text)) {
            mtp_strbuf_add_char(s->out, '\\');
        }
        mtp_strbuf_add_char(s->out, *text);
    }
}

const char *mtp_solution_name(mtp_solution *s, const char *name)
{
    mtp_strbuf clean;
    char *text;

    mtp_strbuf_init(&clean);
    mtp_display_add(&clean, name);
    text = clean.failed || !clean.text ? NULL : mtp_arena_strdup(s->arena, clean.text);
    mtp_strbuf_free(&clean);
    if (!text) {
        s->failed = s->failed || *name;
        return "";
    }
    for (char *at = text; *at; at++) {
        *at = *at == '`' ? '\'' : *at;
    }
    return text;
}

static void write_tree(const mtp_solution *s, mtp_strbuf *out, const mtp_expr *e)
{
    const mtp_expr_look look = {mtp_solution_notation(s), NULL, 0, 0};

    mtp_expr_write(out, e, &look);
}

void mtp_solution_math(const mtp_solution *s, const char *formula)
{
    const mtp_expr *e = mtp_expr_parse(s->arena, formula);
    bool html = s->format == MTP_FORMAT_HTML, latex = s->format == MTP_FORMAT_MARKDOWN;

    if (!e) {
        s->out->failed = true;
        return;
    }
    mtp_strbuf_add(s->out, html ? "<math>" : latex ? "$" : "");
    write_tree(s, s->out, e);
    mtp_strbuf_add(s->out, html ? "</math>" : latex ? "$" : "");
}

/* The sentence with its formulas. */
static void write_inline(mtp_solution *s, const char *text)
{
    bool formula = false;

    while (*text) {
        size_t length = strcspn(text, "`");
        char *part = mtp_arena_strndup(s->arena, text, length);

        if (!part) {
            s->failed = true;
            return;
        }
        if (formula) {
            mtp_solution_math(s, part);
        } else {
            mtp_solution_escape(s, part);
        }
        formula = !formula;
        text += length + (text[length] == '`');
    }
}

void mtp_solution_begin(mtp_solution *s, bool line)
{
    if (s->any && !(s->format == MTP_FORMAT_TEXT && line && s->after_line)) {
        mtp_strbuf_add_char(s->out, '\n');
    }
    s->any = true;
    s->after_line = line;
}

/* The text without the marks around its formulas, in lines; under a title of level 1 or
 * 2 a rule. */
static void write_text(mtp_solution *s, char *text, int level)
{
    char *to = text;
    size_t width;

    for (const char *from = text; *from; from++) {
        if (*from != '`') {
            *to++ = *from;
        }
    }
    *to = '\0';
    mtp_display_wrap(s->out, text, 0, 0, s->width);
    if (level == 1 || level == 2) {
        width = mtp_display_width(text);
        mtp_strbuf_add_repeated(s->out, level == 1 ? '=' : '-',
                                width < s->width ? width : s->width);
        mtp_strbuf_add_char(s->out, '\n');
    }
}

/* A heading of this level, or a paragraph (level 0). */
static MTP_PRINTF(3, 0) void write_prose(mtp_solution *s, int level, const char *format,
                                         va_list args)
{
    char *text = mtp_arena_vprintf(s->arena, format, args);
    char tag[] = "p\0";

    if (!text) {
        s->failed = true;
        return;
    }
    if (s->muted) {
        return;
    }
    if (level > 0) {
        tag[0] = 'h';
        tag[1] = (char)('0' + level);
    }
    mtp_solution_begin(s, false);
    if (s->format == MTP_FORMAT_TEXT) {
        write_text(s, text, level);
    } else if (s->format == MTP_FORMAT_HTML) {
        mtp_strbuf_printf(s->out, "<%s>", tag);
        write_inline(s, text);
        mtp_strbuf_printf(s->out, "</%s>\n", tag);
    } else {
        mtp_strbuf_add_repeated(s->out, '#', (size_t)level);
        mtp_strbuf_add(s->out, level > 0 ? " " : "");
        write_inline(s, text);
        mtp_strbuf_add_char(s->out, '\n');
    }
}

void mtp_solution_heading(mtp_solution *s, int level, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_prose(s, level, format, args);
    va_end(args);
}

void mtp_solution_text(mtp_solution *s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_prose(s, 0, format, args);
    va_end(args);
}
