export { Random } from '../../scripts/random';
