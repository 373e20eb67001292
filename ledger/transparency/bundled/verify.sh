#!/bin/sh
# Verifies this bundle with a shell, sed, coreutils and openssl (3.0 or newer). It reads; it changes nothing.
#
#   sh verify.sh                 is everything here under the signed checkpoint?
#   sh verify.sh NAME+ID+KEY     and was it signed with this key, which you know from elsewhere?
#
# Exit 0: it is as printed. Exit 1: something is not what it should be. Exit 2: it cannot be verified here.
# VERIFY.txt says in plain words what each step means. For more than 50,000 entries there is verify.py.
set -eu
LC_ALL=C
export LC_ALL
unset CDPATH GLOBIGNORE   # they would lead elsewhere, or hide files
vkey=${1:-}
folder=$(dirname -- "$0")
case $folder in /*) ;; *) folder=./$folder ;; esac
cd -- "$folder" > /dev/null

# What is refused may be written to move the cursor or to hide a line: of it only plain ASCII is shown.
refuse() { printf 'REFUSED: %s\n' "$(printf '%s' "$1" | tr -c '\040-\176' '?')" >&2; exit 1; }
cannot() { printf 'cannot verify: %s\n' "$1" >&2; exit 2; }
for tool in openssl sha256sum basenc paste split comm sed; do
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
    sha256sum -c "$1" > "$work/judged" 2> /dev/null ||
        refuse "$2: $(sed '/: OK$/d' "$work/judged" | head -n 3 | tr '\n' ' ')"
    [ "$(lines "$work/judged")" -eq "$(lines "$1")" ] || refuse "$2: a line of it is no sum"
}
# Lines of a leaf as they must be, a signature, a key: sed prints what is of no such form.
hash='[0-9a-f]\{64\}$'
date='[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]\.[0-9]\{6\}Z$'
part='[a-z0-9]\{1,\}\(-[a-z0-9]\{1,\}\)*'
leaf_form="/^civic-ledger-entry\/1\$/d; /^position [1-9][0-9]*\$/d; /^type $part\/[1-9][0-9]*\$/d; /^actor $part\$/d
    /^id [0-9a-f]\{8\}\(-[0-9a-f]\{4\}\)\{3\}-[0-9a-f]\{12\}\$/d; /^recorded $date/d
    /^tags-sha256 $hash/d; /^content-sha256 $hash/d; /^detached $hash/d; p"
head_of='s/^{"id":"\([0-9a-f-]*\)",\("key":"[^"\\]*\(\\.[^"\\]*\)*",\)\{0,1\}"salt":"\([0-9a-f]*\)",'
head_of=$head_of'"recorded_at":"\([0-9A-Z:.-]*\)","recorded_by":"\([a-z0-9-]*\)",'
head_of=$head_of'\("detached":\[\([^]]*\)\],\)\{0,1\}"evidence":.*/\1 \5 \6 \4 \8/p'
listed_form='/^[0-9a-f]\{64\}  [A-Za-z0-9._\/-]\{1,\}$/d; p'
signature_form='/^— [^ +]\{1,\} [A-Za-z0-9+/]\{1,\}=\{0,2\}$/d; p'
key_form='/^[^ +]\{1,\}+[0-9a-f]\{8\}+[A-Za-z0-9+/]\{44\}$/d; p'

# Characters of UTF-8 beyond ASCII; and those of them that a terminal obeys or hides: U+0080 to 00A0, 061C, 1680,
# 2000 to 200F, 2028 to 202F, 205F to 206F, 3000.
utf8=$(printf 's/%b/x/g\n' '[\0302-\0337][\0200-\0277]' '\0340[\0240-\0277][\0200-\0277]' \
    '[\0341-\0354\0356\0357][\0200-\0277][\0200-\0277]' '\0355[\0200-\0237][\0200-\0277]' \
    '\0360[\0220-\0277][\0200-\0277][\0200-\0277]' '[\0361-\0363][\0200-\0277][\0200-\0277][\0200-\0277]' \
    '\0364[\0200-\0217][\0200-\0277][\0200-\0277]')
unseen=$(printf '/%b/p\n' '\0302[\0200-\0240]' '\0330\0234' '\0341\0232\0200' '\0342\0200[\0200-\0217\0250-\0257]' \
    '\0342\0201[\0237-\0257]' '\0343\0200\0200')
readable() {   # a file, and how long it may be: lines of UTF-8 in which all is seen
    [ -f "$1" ] || refuse "$1 is missing"
    [ "$(size "$1")" -le "$2" ] || refuse "$1 is longer than $2 bytes"
    [ "$(tail -c 1 "$1" | tr -d '\n' | wc -c)" -eq 0 ] || refuse "$1 is cut short: its last line does not end"
    [ "$(tr -d '\n\040-\176\200-\377' < "$1" | wc -c)" -eq 0 ] && [ -z "$(sed -n "$unseen" "$1")" ] ||
        refuse "$1 has characters that are not seen"
    [ "$(sed "$utf8" "$1" | tr -d '\000-\177' | wc -c)" -eq 0 ] || refuse "$1 is not UTF-8"
}

# 1. The files are those of the manifests, neither more nor fewer, none of them a link.
walk() {
    for found in "$1"/* "$1"/.[!.]* "$1"/..?*; do
        [ -L "$found" ] || [ -e "$found" ] || continue
        case $found in *[!A-Za-z0-9._/-]*) refuse "$found is no name of a file in a bundle" ;; esac
        if [ -L "$found" ]; then refuse "$found is a link"
        elif [ -d "$found" ]; then walk "$found"
        elif [ -f "$found" ]; then printf '%s\n' "${found#./}"
        else refuse "$found is no file"
        fi
    done
}
walk . > "$work/walked"
sort "$work/walked" > "$work/here"
[ -f manifest-sha256.txt ] && [ -f tagmanifest-sha256.txt ] || refuse 'a manifest is missing'
for list in manifest-sha256.txt tagmanifest-sha256.txt; do
    [ -z "$(sed -n "$listed_form" "$list")" ] && [ "$(tail -c 1 "$list" | wc -l)" -eq 1 ] ||
        refuse "$list is not written as it should be"
done
[ -z "$(cut -c 67-71 manifest-sha256.txt | sed '/^data\/$/d')" ] ||
    refuse 'manifest-sha256.txt lists what is not in data'
[ "$(cut -c 67- tagmanifest-sha256.txt | sort | tr '\n' ' ')" = \
    'VERIFY.txt bag-info.txt bagit.txt manifest-sha256.txt verify.py verify.sh ' ] ||
    refuse 'tagmanifest-sha256.txt does not list the six files beside data, and no others'
cut -c 67- manifest-sha256.txt tagmanifest-sha256.txt > "$work/told"
echo tagmanifest-sha256.txt >> "$work/told"
sort "$work/told" > "$work/named"
comm -3 "$work/here" "$work/named" > "$work/differing"
[ ! -s "$work/differing" ] ||
    refuse "only here, or only in the manifest: $(head -n 3 "$work/differing" | tr '\n\t' '  ')"
agree tagmanifest-sha256.txt 'not what the manifest says'
agree manifest-sha256.txt 'not what the manifest says'
[ "$(sum < bagit.txt)" = "$(printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' | sum)" ] ||
    refuse 'bagit.txt is not that of BagIt 1.0'

# 2. The checkpoint: three lines, an empty one, from 1 to 100 signatures.
readable data/checkpoint 1048576
{ IFS= read -r origin && IFS= read -r count && IFS= read -r root && IFS= read -r gap; } < data/checkpoint ||
    refuse 'data/checkpoint is missing, or cut short'
[ -z "$gap" ] || refuse 'data/checkpoint has more than three lines before its signatures'
case $count in '' | 0* | *[!0-9]*) refuse "the size of the checkpoint is no number of entries: $count" ;; esac
[ "${#count}" -lt 9 ] || refuse "not as many entries are here as the checkpoint vouches for: $count"
[ "$count" -le 50000 ] || cannot 'there are more than 50,000 entries: run python3 -I -S verify.py'
head -n 3 data/checkpoint > "$work/text"
tail -n +5 data/checkpoint > "$work/signatures"
[ "$(lines "$work/signatures")" -le 100 ] || refuse 'data/checkpoint has more than 100 signatures'
[ -z "$(sed -n "$signature_form" "$work/signatures")" ] || refuse 'there is a signature that is none'

# 3. Each leaf is of its position, from 1 without a gap, and commits to what is stored of its entry.
printf '\000' > "$work/zero"
for list in commitments contents introducing saying marks; do : > "$work/$list"; done
entries=0
withheld=0
set -- data/entries/*.leaf
[ -f "$1" ] || refuse 'there are no entries'
[ "$(cat "$@" | tr -d '\n\040-\176' | wc -c)" -eq 0 ] || refuse 'there is a leaf that is no plain text'
for leaf in "$@"; do
    entries=$((entries + 1))
    name=${leaf#data/entries/}
    name=${name%.leaf}
    number=0
    marks=''
    while IFS=' ' read -r word value; do
        number=$((number + 1))
        case $number:$word in
            1:civic-ledger-entry/1 | 7:tags-sha256) ;;
            3:id) id=$value ;;
            5:recorded) recorded=$value ;;
            6:actor) actor=$value ;;
            2:position) [ "$value" = "$entries" ] || refuse "$leaf is not the leaf of entry $entries" ;;
            4:type) type=$value ;;
            8:content-sha256) content=$value ;;
            9:detached | [1-9][0-9]*:detached)
                printf '%s\n' "$value" >> "$work/commitments"
                marks=$marks${marks:+,}\"$value\" ;;
            *) refuse "$leaf is not written as a leaf is" ;;
        esac
    done < "$leaf"
    [ "$number" -ge 8 ] && [ -z "$word" ] || refuse "$leaf is cut short"
    padded=0000000$entries
    [ "$name" = "${padded#"${padded%????????}"}" ] || refuse "$leaf is not the leaf of entry $entries"
    case $type in key-introduced/* | key-rotated/*) printf '%s\n' "$name" >> "$work/introducing" ;; esac
    cat "$work/zero" "$leaf" > "$work/leaf/$name"
    if [ -f "data/entries/$name.json" ] && [ -f "data/entries/$name.salt" ]; then
        cat "data/entries/$name.salt" "data/entries/$name.json" > "$work/content/$name"
        printf '%s  %s\n' "$content" "$work/content/$name" >> "$work/contents"
        printf '%s %s %s\n' "$id" "$recorded" "$actor" >> "$work/saying"
        printf '%s\n' "$marks" >> "$work/marks"
    else
        withheld=$((withheld + 1))
    fi
done
[ -z "$(cat data/entries/*.leaf | sed -n "$leaf_form")" ] || refuse 'there is a leaf that is not written as a leaf is'
[ "$entries" -eq "$count" ] || refuse "the checkpoint vouches for $count entries, $entries are here"
told=$((entries - withheld))
if [ "$told" -gt 0 ]; then
    agree "$work/contents" 'what is stored is not what its leaf commits to'
    wc -c data/entries/*.salt > "$work/sizes"
    while read -r bytes name; do
        [ "$bytes" -eq 16 ] || [ "$name" = total ] || refuse "$name: a salt has 16 bytes"
    done < "$work/sizes"
    cat data/entries/*.salt | od -An -v -tx1 | tr -d ' ' > "$work/salts"
    paste -d ' ' "$work/saying" "$work/salts" "$work/marks" > "$work/expected"
    { sed -n "$head_of" data/entries/*.json; echo; } | sed '/^$/d' > "$work/said"
    [ "$(sum < "$work/said")" = "$(sum < "$work/expected")" ] ||
        refuse 'an entry does not begin with the id, time, clerk, salt and details of its leaf'
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
    [ "$bytes" -le 65535 ] || refuse "$leaf is longer than a leaf can be"
    length=$work/length/$bytes
    # shellcheck disable=SC2059 # the format is the two bytes
    [ -f "$length" ] || printf "$(printf '\\%03o\\%03o' $((bytes / 256)) $((bytes % 256)))" > "$length"
    set -- "$@" "$length" "$leaf"
    if [ $# -eq 512 ]; then leaves "$@"; set --; fi
done < "$work/sizes"
[ $# -eq 0 ] || leaves "$@"
[ "$(lines manifest-sha256.txt)" -eq "$files" ] || refuse 'there are files in data that are no part of a bundle'

# 6. The keys, one a line, none twice: those that the entries introduce, as far as what these say is here.
readable data/key.txt 65536
[ "$(lines data/key.txt)" -le 100 ] || refuse 'data/key.txt names more than 100 keys'
sort data/key.txt > "$work/keys"
[ -z "$(uniq -d "$work/keys")" ] || refuse 'data/key.txt names a key twice'
: > "$work/unsorted"
text_of='\([^"\\]*\(\\.[^"\\]*\)*\)'
vkey_of='s/.*,"event":{\("former":"'$text_of'",\)\{0,1\}"vkey":"'$text_of'"'
vkey_of=$vkey_of'\(,"signed_by_former":"[A-Za-z0-9+\/=]*","signed_by_new":"[A-Za-z0-9+\/=]*"\)\{0,1\}}}$/\4/p'
silent=0
while IFS= read -r name; do
    if [ -f "$work/content/$name" ]; then
        key=$(sed -n "$vkey_of" "data/entries/$name.json" | sed 's/\\\(.\)/\1/g')
        [ -n "$key" ] || refuse "data/entries/$name.json names no key"
        printf '%s\n' "$key" >> "$work/unsorted"
    else
        silent=$((silent + 1))
    fi
done < "$work/introducing"
sort -u "$work/unsorted" > "$work/introduced"
[ -z "$(comm -13 "$work/keys" "$work/introduced")" ] &&
    { [ "$silent" -gt 0 ] || [ -z "$(comm -23 "$work/keys" "$work/introduced")" ]; } ||
    refuse 'data/key.txt does not name the keys that the entries introduce'

# 7. The signature. A key is NAME+ID+KEY; KEY is base64 of one byte, 1 for Ed25519, and the 32 bytes of the key.
fits() { openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$1" -in "$2" -sigfile "$3" > /dev/null 2>&1; }
der() { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; }   # what stands before a public key in DER
# What fits, by RFC 8032, section 7.1: else nobody could tell a forged signature from an openssl that knows none.
{ der; printf '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c' | unhex; } > "$work/known.der"
printf '%s' '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' \
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00' | unhex > "$work/known.signature"
printf 'r' > "$work/known"
fits "$work/known.der" "$work/known" "$work/known.signature" ||
    cannot 'this openssl does not know Ed25519 (3.0 does); try python3 -I -S verify.py'
mkdir "$work/signature"
: > "$work/signers"
number=0
while IFS=' ' read -r dash who signature; do
    number=$((number + 1))
    printf '%s' "$signature" | openssl base64 -d -A > "$work/line" 2> /dev/null || : > "$work/line"
    [ "$(openssl base64 -A < "$work/line")" = "$signature" ] && [ "$(size "$work/line")" -gt 4 ] ||
        refuse 'there is a signature that is none'
    tail -c +5 "$work/line" > "$work/signature/$number"
    printf '%s %s %s\n' "$number" "$(head -c 4 "$work/line" | hex)" "$who" >> "$work/signers"
done < "$work/signatures"
signed_by() {   # whether there is a line by a key of the ledger; refuses when that line is not its signature
    [ -z "$(printf '%s\n' "$1" | sed -n "$key_form")" ] || refuse "not an Ed25519 key: $1"
    name=${1%%+*}
    rest=${1#*+}
    id=${rest%%+*}
    printf '%s' "${rest#*+}" | openssl base64 -d -A > "$work/key"
    [ "$(head -c 1 "$work/key" | hex)" = 01 ] || refuse "not an Ed25519 key: $1"
    [ "$({ printf '%s\n' "$name"; cat "$work/key"; } | sum | cut -c 1-8)" = "$id" ] ||
        refuse "the key does not bear its own id, a letter may be mistyped: $1"
    [ "$name" = "$origin" ] || return 1   # a key of another ledger, or of the same under a former name
    { der; tail -c 32 "$work/key"; } > "$work/key.der"
    found=1
    while IFS=' ' read -r number key_id who; do
        [ "$key_id $who" = "$id $name" ] || continue
        fits "$work/key.der" "$work/text" "$work/signature/$number" ||
            refuse "the signature of $name does not fit the checkpoint"
        found=0
    done < "$work/signers"
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
