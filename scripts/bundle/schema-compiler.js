// What compiles schemas at synthesis, as one file: see src/contract/compile-schema.ts.
const { default: Ajv } = require('ajv');
const { default: Ajv2019 } = require('ajv/dist/2019');
const { default: Ajv2020 } = require('ajv/dist/2020');
const { default: AjvDraft04 } = require('ajv-draft-04');
const { CodeGen } = require('ajv/dist/compile/codegen');

exports.dialects = {
  'draft-04': AjvDraft04,
  'draft-07': Ajv,
  '2019-09': Ajv2019,
  '2020-12': Ajv2020,
  // Booleans for exclusive bounds, as in draft 04, and `nullable`, which Ajv knows in all.
  'openapi-3.0': AjvDraft04,
};
exports.addFormats = require('ajv-formats').default;
exports.standalone = require('ajv/dist/standalone').default;

const { object } = CodeGen.prototype;
const EXTRAS = ['schemaPath', 'params'];

// A quarter of the code would be about what nobody reads.
exports.lean = (make) => {
  CodeGen.prototype.object = function (...entries) {
    return object.apply(
      this,
      entries.filter(([key]) => !EXTRAS.includes(String(key))),
    );
  };
  try {
    return make();
  } finally {
    CodeGen.prototype.object = object;
  }
};
