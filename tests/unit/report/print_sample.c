/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the JSON report of a sample, or of its figure: print_sample NAME [forest]. */
#include "metapool/forest.h"
#include "metapool/report.h"

#include "samples.h"

#include <stdio.h>
#include <string.h>

static mtp_status forest_json(const mtp_bundle *bundle, char **text)
{
    mtp_forest *forest = NULL;
    mtp_status status = mtp_forest_new(bundle, &forest, NULL);

    if (status == MTP_OK) {
        status = mtp_forest_json(forest, text, NULL);
    }
    mtp_forest_free(forest);
    return status;
}

static int print(const named_sample *named, bool forest)
{
    mtp_arena *arena = mtp_arena_new();
    char *text = NULL;
    mtp_status status = MTP_E_NOMEM;

    if (arena) {
        const mtp_bundle *bundle = &named->make(arena)->bundle;

        status = forest ? forest_json(bundle, &text)
                        : mtp_report(bundle, MTP_FORMAT_JSON, NULL, &text, NULL, NULL);
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
    bool forest = argc == 3 && strcmp(argv[2], "forest") == 0;

    for (size_t i = 0; (argc == 2 || forest) && i < N_SAMPLES; i++) {
        if (strcmp(argv[1], samples[i].name) == 0) {
            return print(&samples[i], forest);
        }
    }
    return 2;
}
