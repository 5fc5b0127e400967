/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the JSON report of a sample: print_sample NAME. */
#include "metapool/report.h"

#include "samples.h"

#include <stdio.h>
#include <string.h>

static int print(const named_sample *named)
{
    mtp_arena *arena = mtp_arena_new();
    char *text = NULL;
    mtp_status status = MTP_E_NOMEM;

    if (arena) {
        status = mtp_report(&named->make(arena)->bundle, MTP_FORMAT_JSON, NULL, &text,
                            NULL, NULL);
    }
    if (status == MTP_OK) {
        (void)fputs(text, stdout);
    }
    mtp_text_free(text);
    mtp_arena_free(arena);
    return status == MTP_OK ? 0 : 1;
}

int main(int argc, char *argv[])
{
    for (size_t i = 0; argc == 2 && i < N_SAMPLES; i++) {
        if (strcmp(argv[1], samples[i].name) == 0) {
            return print(&samples[i]);
        }
    }
    return 2;
}
