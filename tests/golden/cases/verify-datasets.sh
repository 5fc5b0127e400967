# Every bundled study holds, wherever its folder lies.
for file in $(ls -d datasets/*/analysis.yaml | env -u LD_PRELOAD LC_ALL=C sort); do
    metapool verify "$file" > out.txt || cat out.txt
    echo "$(basename "$(dirname "$file")"): $(sed -n 4p out.txt)"
done
mkdir elsewhere
cp -RL datasets/nrm2024 elsewhere/copied
cd elsewhere
metapool verify copied/analysis.yaml | sed -n 4p
