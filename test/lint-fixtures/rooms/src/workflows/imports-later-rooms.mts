// what comes after workflows
import '../ingress/thing.mts'; // bad: no-restricted-imports
import '../runtime/thing.mts'; // bad: no-restricted-imports
import '../cli/thing.mts'; // bad: no-restricted-imports
