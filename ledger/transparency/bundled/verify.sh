#!/bin/sh
# Verifies this bundle with nothing but a shell, coreutils and openssl (1.1.1 or newer). It reads; it changes nothing.
#
#   sh verify.sh                 is everything here under the signed checkpoint?
#   sh verify.sh NAME+ID+KEY     and was it signed with this key, which you know from elsewhere?
#
# Exit 0: it is as printed. Exit 1: something is not what it should be. Exit 2: it cannot be verified here.
# VERIFY.txt says in plain words what each step means. For more than 50,000 entries there is verify.py.
set -eu
LC_ALL=C
export LC_ALL
vkey=${1:-}
cd -- "$(dirname -- "$0")" > /dev/null

refuse() { printf 'REFUSED: %s\n' "$1" >&2; exit 1; }
cannot() { printf 'cannot verify: %s\n' "$1" >&2; exit 2; }
for tool in openssl sha256sum basenc paste split comm; do
    command -v "$tool" > /dev/null || cannot "$tool is missing here; try python3 -I -S verify.py"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
mkdir "$work/leaf" "$work/content" "$work/node" "$work/length"

unhex() { tr 'a-f' 'A-F' | tr -d '\n' | basenc -d --base16; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
sum() { sha256sum | cut -c 1-64; }
sums_in() { (cd "$1" && sha256sum -- * | cut -c 1-64); }
lines() { wc -l < "$1" | tr -d ' '; }
size() { wc -c < "$1" | tr -d ' '; }
agree() {   # a list of sums and files, the complaint: every line must be judged, and be right
    sha256sum -c "$1" > "$work/judged" 2> /dev/null || refuse "$2: $(sort "$work/judged" | tail -n 3 | tr '\n' ' ')"
    [ "$(lines "$work/judged")" -eq "$(lines "$1")" ] || refuse "$2: a line of it is no sum"
}

# 1. The files are those of the manifests, neither more nor fewer, none of them a link.
walk() {
    for found in "$1"/* "$1"/.[!.]* "$1"/..?*; do
        if [ -L "$found" ]; then refuse "$found is a link"
        elif [ -d "$found" ]; then walk "$found"
        elif [ -f "$found" ]; then printf '%s\n' "${found#./}"
        elif [ -e "$found" ]; then refuse "$found is no file"
        fi
    done
}
walk . > "$work/walked"
sort "$work/walked" > "$work/here"
[ -f manifest-sha256.txt ] && [ -f tagmanifest-sha256.txt ] || refuse 'a manifest is missing'
cut -c 67- manifest-sha256.txt tagmanifest-sha256.txt > "$work/told"
echo tagmanifest-sha256.txt >> "$work/told"
sort "$work/told" > "$work/named"
comm -3 "$work/here" "$work/named" > "$work/differing"
[ ! -s "$work/differing" ] ||
    refuse "only here, or only in the manifest: $(head -n 3 "$work/differing" | tr '\n\t' '  ')"
agree tagmanifest-sha256.txt 'not what the manifest says'
agree manifest-sha256.txt 'not what the manifest says'

# 2. The checkpoint: three lines, an empty one, signatures.
{ IFS= read -r origin && IFS= read -r count && IFS= read -r root && IFS= read -r gap; } < data/checkpoint ||
    refuse 'data/checkpoint is missing, or cut short'
[ -z "$gap" ] || refuse 'data/checkpoint has more than three lines before its signatures'
case $count in '' | 0* | *[!0-9]*) refuse "the size of the checkpoint is no number of entries: $count" ;; esac
[ "${#count}" -lt 9 ] || refuse "not as many entries are here as the checkpoint vouches for: $count"
[ "$count" -le 50000 ] || cannot 'there are more than 50,000 entries: run python3 -I -S verify.py'
head -n 3 data/checkpoint > "$work/text"
tail -n +5 data/checkpoint > "$work/signatures"

# 3. Each leaf is of its position, and commits to what is stored of its entry.
printf '\000' > "$work/zero"
for list in commitments contents; do : > "$work/$list"; done
entries=0
withheld=0
for leaf in data/entries/*.leaf; do
    [ -f "$leaf" ] || refuse 'there are no entries'
    entries=$((entries + 1))
    name=${leaf#data/entries/}
    name=${name%.leaf}
    number=0
    while IFS=' ' read -r word value; do
        number=$((number + 1))
        case $number:$word in
            1:civic-ledger-entry/1 | 3:id | 4:type | 5:recorded | 6:actor | 7:tags-sha256) ;;
            2:position) padded=0000000$value ;;
            8:content-sha256) content=$value ;;
            9:detached | [1-9][0-9]*:detached) printf '%s\n' "$value" >> "$work/commitments" ;;
            *) refuse "$leaf is not written as a leaf is" ;;
        esac
    done < "$leaf"
    [ "$number" -ge 8 ] || refuse "$leaf is cut short"
    [ "$name" = "${padded#"${padded%????????}"}" ] || refuse "$leaf is the leaf of another entry"
    cat "$work/zero" "$leaf" > "$work/leaf/$name"
    if [ -f "data/entries/$name.json" ] && [ -f "data/entries/$name.salt" ]; then
        cat "data/entries/$name.salt" "data/entries/$name.json" > "$work/content/$name"
        printf '%s  %s\n' "$content" "$work/content/$name" >> "$work/contents"
    else
        withheld=$((withheld + 1))
    fi
done
[ "$entries" -eq "$count" ] || refuse "the checkpoint vouches for $count entries, $entries are here"
told=$((entries - withheld))
if [ "$told" -gt 0 ]; then
    agree "$work/contents" 'what is stored is not what its leaf commits to'
    wc -c data/entries/*.salt > "$work/sizes"
    while read -r bytes name; do
        [ "$bytes" -eq 16 ] || [ "$name" = total ] || refuse "$name: a salt has 16 bytes"
    done < "$work/sizes"
fi

# 4. Personal details that were handed over: each is what a leaf commits to.
sort -u "$work/commitments" > "$work/committed"
details=0
for file in data/detached/*.value; do
    [ -f "$file" ] || continue
    name=${file#data/detached/}
    name=${name%.value}
    salt=data/detached/$name.salt
    [ -f "$salt" ] && [ "$(size "$salt")" -eq 32 ] || refuse "$salt: the salt of a detail has 32 bytes"
    made=$({ printf 'civic-ledger-personal/1\n'; cat "$salt" "$file"; } | sum)
    [ "$made" = "$name" ] || refuse "$file is not what was committed to"
    [ "$(printf '%s\n' "$name" | comm -12 - "$work/committed")" = "$name" ] || refuse "$file is named by no entry"
    details=$((details + 1))
done

# 5. The hashes of the leaves fold, two by two, into the root; every eighth row of hashes stands in the tiles.
files=$((2 + entries + 2 * told + 2 * details))
tiles() {   # the level, and how many hashes stand in it
    number=0
    left=$2
    while [ "$left" -gt 0 ]; do
        tile=data/tile/$1/$(printf '%03d' "$number")
        wide=256
        if [ "$left" -lt 256 ]; then wide=$left; tile=$tile.p/$left; fi
        [ -f "$tile" ] || refuse "$tile is missing"
        made=$(tail -n "+$((number * 256 + 1))" "$work/row" | head -n "$wide" | unhex | sum)
        [ "$(sum < "$tile")" = "$made" ] || refuse "$tile is not what the leaves give"
        number=$((number + 1))
        left=$((left - wide))
        files=$((files + 1))
    done
}
sums_in "$work/leaf" > "$work/row"
width=$count
height=0
while :; do
    if [ $((height % 8)) -eq 0 ]; then tiles $((height / 8)) $((count >> height)); fi
    [ "$width" -gt 1 ] || break
    pairs=$((width / 2))
    head -n $((pairs * 2)) "$work/row" | paste -d '\0' - - > "$work/pairs"
    while IFS= read -r pair; do printf '01%s\n' "$pair"; done < "$work/pairs" | unhex > "$work/nodes"
    (cd "$work/node" && split -a 5 -b 65 "$work/nodes" '')
    sums_in "$work/node" | head -n "$pairs" > "$work/above"   # behind them are files of the row before
    if [ $((width % 2)) -eq 1 ]; then tail -n 1 "$work/row" >> "$work/above"; fi
    mv "$work/above" "$work/row"
    width=$((width - pairs))
    height=$((height + 1))
done
[ "$(unhex < "$work/row" | openssl base64 -A)" = "$root" ] ||
    refuse 'the entries are not those that the checkpoint vouches for: they fold into another root'

# The leaves stand in tiles too, each behind its length in two bytes.
number=0
leaves() {
    tile=data/tile/entries/$(printf '%03d' "$number")
    [ $# -eq 512 ] || tile=$tile.p/$(($# / 2))
    [ -f "$tile" ] || refuse "$tile is missing"
    [ "$(cat "$@" | sum)" = "$(sum < "$tile")" ] || refuse "$tile does not hold the leaves"
    number=$((number + 1))
    files=$((files + 1))
}
wc -c data/entries/*.leaf > "$work/sizes"
set --
while read -r bytes leaf; do
    [ "$leaf" != total ] || continue
    length=$work/length/$bytes
    # shellcheck disable=SC2059 # the format is the two bytes
    [ -f "$length" ] || printf "$(printf '\\%03o\\%03o' $((bytes / 256)) $((bytes % 256)))" > "$length"
    set -- "$@" "$length" "$leaf"
    if [ $# -eq 512 ]; then leaves "$@"; set --; fi
done < "$work/sizes"
[ $# -eq 0 ] || leaves "$@"
[ "$(lines manifest-sha256.txt)" -eq "$files" ] || refuse 'there are files in data that are no part of a bundle'

# 6. The signature. A key is NAME+ID+KEY; KEY is base64 of one byte, 1 for Ed25519, and the 32 bytes of the key.
signed_by() {   # whether there is a line by a key; refuses when that line is not its signature
    name=${1%%+*}
    rest=${1#*+}
    id=${rest%%+*}
    printf '%s' "${rest#*+}" | openssl base64 -d -A > "$work/key" 2> /dev/null || refuse "not a key: $1"
    [ "$(size "$work/key")" -eq 33 ] && [ "$(head -c 1 "$work/key" | hex)" = 01 ] || refuse "not an Ed25519 key: $1"
    [ "$({ printf '%s\n' "$name"; cat "$work/key"; } | sum | cut -c 1-8)" = "$id" ] ||
        refuse "the key does not bear its own id, a letter may be mistyped: $1"
    { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; tail -c 32 "$work/key"; } > "$work/key.der"
    found=1
    while IFS=' ' read -r dash who signature rest; do
        [ "$dash" = '—' ] && [ -n "$signature" ] && [ -z "$rest" ] || refuse 'there is a signature that is none'
        [ "$who" = "$name" ] || continue
        printf '%s' "$signature" | openssl base64 -d -A > "$work/line" 2> /dev/null || refuse 'not a signature'
        [ "$(head -c 4 "$work/line" | hex)" = "$id" ] || continue
        tail -c +5 "$work/line" > "$work/signature"
        openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/key.der" -in "$work/text" \
            -sigfile "$work/signature" > /dev/null 2>&1 || refuse "the signature of $name does not fit the checkpoint"
        found=0
    done < "$work/signatures"
    return "$found"
}
signer=''
while IFS= read -r key; do
    if signed_by "$key"; then signer=$key; fi
done < data/key.txt
[ -n "$signer" ] || refuse 'the checkpoint is signed by no key that the ledger names'
if [ -n "$vkey" ]; then
    signed_by "$vkey" || refuse "the checkpoint is not signed with the key that you named"
    signer=$vkey
fi
rest=${signer#*+}
fingerprint=$(printf '%s' "${rest#*+}" | openssl base64 -d -A | sum)

cat <<END
Proved: the $entries entries here are those, in this order, that the checkpoint of $origin vouches for;
  what is stored is here of $told of them, and is what was recorded;
  $details personal details are here, and are what was committed to;
  the checkpoint is signed with the key $signer
  fingerprint $fingerprint
END
if [ -n "$vkey" ]; then
    echo 'You named that key.'
else
    echo 'Not proved: whose key that is. It came with the bundle: have the fingerprint read to you over the telephone,'
    echo '  or compare the first three lines of data/checkpoint with a copy that was kept elsewhere.'
fi
[ "$withheld" -eq 0 ] || echo "Not proved: what $withheld of the entries say; the bundle holds their hashes alone."
echo 'Not proved: that what was recorded is true, and that nothing was left unrecorded.'
