// what comes after ingress
import '../runtime/thing.mts'; // bad: no-restricted-imports
import '../cli/thing.mts'; // bad: no-restricted-imports
