// what comes after activities
import '../workflows/thing.mts'; // bad: no-restricted-imports
import '../ingress/thing.mts'; // bad: no-restricted-imports
import '../runtime/thing.mts'; // bad: no-restricted-imports
import '../cli/thing.mts'; // bad: no-restricted-imports
