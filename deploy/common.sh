# shellcheck shell=bash
# What the scripts of this folder share. They source it: arguments are checked before anything is made, since a role or a cluster made
# for a mistyped bucket is found late and costs money.

fail() {
  echo "error: $1" >&2
  exit 2
}

# The comment at the head of the script is its help.
help_if_asked() { # the script's arguments
  case ${1:-} in
    -h | --help | help)
      sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"
      exit 0
      ;;
  esac
}

expect() { # name, value, extended regular expression, what would be right
  [[ $2 =~ ^($3)$ ]] || fail "Invalid $1: ${2:-(empty)}; give it like $4"
}

expect_bucket() { # name, value: an S3 or GCS bucket without its scheme
  expect "$1" "$2" '[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]' 'my-bucket, without s3:// or gs://'
}

need() { # files that are copied
  local file
  for file in "$@"; do
    [ -n "${DRY_RUN:-}" ] || [ -e "$file" ] || fail "Cannot copy $file: it is not there; run mvn -DskipTests package"
  done
}

run() { # a command, or with DRY_RUN=1 its text
  if [ -n "${DRY_RUN:-}" ]; then
    printf '%q ' "$@"
    echo
  else
    "$@"
  fi
}

# Whether something is there already, so that a script can run again. With DRY_RUN=1 nothing is.
exists() { # a command that asks for it
  [ -z "${DRY_RUN:-}" ] && "$@" >/dev/null 2>&1
}

# --- AWS --------------------------------------------------------------------------------------------------------------------------

aws_account() {
  local account=123456789012
  [ -n "${DRY_RUN:-}" ] || account=$(aws sts get-caller-identity --query Account --output text)
  expect 'answer of aws sts get-caller-identity' "$account" '[0-9]{12}' '123456789012 (are there credentials?)'
  echo "$account"
}

make_role() { # name, trust policy, name of the inline policy, policy
  if exists aws iam get-role --role-name "$1"; then
    run aws iam update-assume-role-policy --role-name "$1" --policy-document "$2"
  else
    run aws iam create-role --role-name "$1" --assume-role-policy-document "$2"
  fi
  run aws iam put-role-policy --role-name "$1" --policy-name "$3" --policy-document "$4"
}
