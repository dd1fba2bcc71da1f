# Counts the primes up to a limit by trial division.
threads 2

function is_prime n
    push 2
    store_local d
next:
    load_local n            # if n < d * d: return 1
    load_local d
    load_local d
    multiply
    less
    jump_if yes
    load_local n            # if not n % d: return 0
    load_local d
    remainder
    jump_if_not no
    load_local d            # d = d + 1
    push 1
    add
    store_local d
    jump next
yes:
    push 1
    return
no:
    push 0
    return

function main limit
    push 2
    store_local n
next:
    load_local limit        # if limit < n: return found
    load_local n
    less
    jump_if done
    load_local found        # found = found + is_prime(n)
    load_local n
    call is_prime
    add
    store_local found
    load_local n            # n = n + 1
    push 1
    add
    store_local n
    jump next
done:
    load_local found
    return
