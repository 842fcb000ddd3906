// what comes after entities
import '../providers/thing.mts'; // bad: no-restricted-imports
import '../store/thing.mts'; // bad: no-restricted-imports
import '../activities/thing.mts'; // bad: no-restricted-imports
import '../workflows/thing.mts'; // bad: no-restricted-imports
import '../ingress/thing.mts'; // bad: no-restricted-imports
import '../runtime/thing.mts'; // bad: no-restricted-imports
import '../cli/thing.mts'; // bad: no-restricted-imports
