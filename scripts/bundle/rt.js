// What compiled schemas need at run time, as one file beside them.
exports.formats = require('ajv-formats/dist/formats');
exports.ucs2length = require('ajv/dist/runtime/ucs2length');
exports.equal = require('ajv/dist/runtime/equal');
exports.uri = require('ajv/dist/runtime/uri');
exports.validationError = require('ajv/dist/runtime/validation_error');
