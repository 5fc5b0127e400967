/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>

void mtp_cli_error(const char *format, ...)
{
    va_list args;

    (void)fputs("metapool: ", stderr);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
}

static void print_error(const mtp_error *err)
{
    char text[MTP_ERROR_SOURCE + MTP_ERROR_COLUMN + MTP_ERROR_MESSAGE + 96];

    (void)mtp_error_format(err, text, sizeof text);
    mtp_cli_error("%s", text);
}

void mtp_cli_fail(const mtp_error *err, const mtp_problems *problems)
{
    size_t obstacles = 0;

    for (size_t i = 0; problems && i < problems->count && i < MTP_PROBLEMS_KEPT; i++) {
        if (problems->item[i].status != MTP_OK) {
            print_error(&problems->item[i]);
            obstacles++;
        }
    }
    if (obstacles == 0) {
        print_error(err);
        return;
    }
    if (problems->count > MTP_PROBLEMS_KEPT) {
        mtp_cli_error("%zu problems in all; the first %d are shown", problems->count,
                      (int)MTP_PROBLEMS_KEPT);
    }
}

size_t mtp_cli_notes(const mtp_notes *notes, bool silent, bool all)
{
    size_t warnings = 0;

    for (size_t i = 0; i < notes->count; i++) {
        const mtp_note *note = &notes->item[i];
        bool warning = note->severity == MTP_WARNING;

        warnings += warning;
        if (!silent && (warning || all)) {
            (void)fprintf(stderr, "metapool: %s: %s [%s]\n",
                          warning ? "warning" : "note", note->text,
                          mtp_note_id(note->code));
        }
    }
    return warnings;
}

mtp_exit mtp_cli_exit_status(mtp_status status)
{
    switch (status) {
    case MTP_OK:
        return MTP_EXIT_OK;
    case MTP_E_ARG:
    case MTP_E_UNSUPPORTED:
        return MTP_EXIT_USAGE;
    case MTP_E_SYNTAX:
    case MTP_E_DATA:
        return MTP_EXIT_DATA;
    case MTP_E_DEGENERATE:
    case MTP_E_NOCONV:
        return MTP_EXIT_NO_ESTIMATE;
    case MTP_E_NOMEM:
    case MTP_E_IO:
        break;
    }
    return MTP_EXIT_SYSTEM;
}
