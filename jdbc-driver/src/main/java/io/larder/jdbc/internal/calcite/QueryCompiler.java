package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.plan.ParameterInfo;
import io.larder.jdbc.internal.plan.ResultColumn;
import io.larder.tables.DataType;
import io.larder.tables.Store;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.runtime.Typed;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.fun.SqlLibraryOperatorTableFactory;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.calcite.sql2rel.ConvertToChecked;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.jspecify.annotations.Nullable;

/** Takes a parsed query through validation, optimisation and code generation. For one statement. */
final class QueryCompiler {
  /** The schema of tables that show their raw key, for statements that change rows. */
  static final String KEYED_SCHEMA = "larder:keyed";

  private static final String SCHEMA = "PUBLIC";

  private static final SqlOperatorTable OPERATORS =
      SqlLibraryOperatorTableFactory.INSTANCE.getOperatorTable(
          EnumSet.of(SqlLibrary.STANDARD, SqlLibrary.POSTGRESQL));

  private final LarderTypeFactory types = new LarderTypeFactory();
  private final CalciteCatalogReader catalog;
  private final SqlValidator validator;

  QueryCompiler(Store store, boolean keyed) {
    CalciteSchema root = CalciteSchema.createRootSchema(false, false);
    root.add(SCHEMA, new LarderSchema(store, false));
    if (keyed) {
      root.add(KEYED_SCHEMA, new LarderSchema(store, true));
    }
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "false");
    CalciteConnectionConfig config = new CalciteConnectionConfigImpl(properties);
    this.catalog = new CalciteCatalogReader(root, List.of(SCHEMA), types, config);
    this.validator =
        SqlValidatorUtil.newValidator(
            OPERATORS,
            catalog,
            types,
            SqlValidator.Config.DEFAULT
                .withConformance(Dialect.INSTANCE)
                .withDefaultNullCollation(NullCollation.HIGH)
                .withIdentifierExpansion(true));
  }

  /** Compiles a query. */
  CalciteQuery compile(SqlNode parsed) {
    Targets.typeSelectList(parsed);
    SqlNode validated = validator.validate(parsed);
    List<ParameterInfo> parameters = parameters(validated);
    VolcanoPlanner planner = new VolcanoPlanner(null, Contexts.of(catalog.getConfig()));
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    PlanningRules.physical().forEach(planner::addRule);
    RelOptCluster cluster = RelOptCluster.create(planner, new RexBuilder(types));
    cluster.setMetadataQuerySupplier(QueryCompiler::metadata);
    SqlToRelConverter converter =
        new SqlToRelConverter(
            (rowType, queryString, schemaPath, viewPath) -> {
              throw new UnsupportedOperationException("views");
            },
            validator,
            catalog,
            cluster,
            StandardConvertletTable.INSTANCE,
            SqlToRelConverter.config()
                .withTrimUnusedFields(true)
                .withExpand(false)
                .withInSubQueryThreshold(Integer.MAX_VALUE));
    RelRoot unchecked = converter.convertQuery(validated, false, true);
    RelRoot root =
        unchecked.withRel(new ConvertToChecked(cluster.getRexBuilder(), true).visit(unchecked.rel));
    RelNode logical = PlanningRules.simplify(root, converter);
    RelNode physical = optimise(planner, logical);
    return generate(validated, root, (EnumerableRel) physical, parameters);
  }

  /** Metadata by reflection: the default compiles its handlers first, for 200 ms of a cold start. */
  private static RelMetadataQuery metadata() {
    return new RelMetadataQuery(
        new ProxyingMetadataHandlerProvider(DefaultRelMetadataProvider.INSTANCE));
  }

  private static RelNode optimise(VolcanoPlanner planner, RelNode logical) {
    RelTraitSet wanted = logical.getTraitSet().replace(EnumerableConvention.INSTANCE).simplify();
    planner.setRoot(
        logical.getTraitSet().equals(wanted) ? logical : planner.changeTraits(logical, wanted));
    return planner.findBestExp();
  }

  private CalciteQuery generate(
      SqlNode validated, RelRoot root, EnumerableRel physical, List<ParameterInfo> parameters) {
    Map<String, Object> stashed = new HashMap<>();
    Bindable<?> bindable =
        EnumerableInterpretable.toBindable(stashed, null, physical, EnumerableRel.Prefer.ARRAY);
    boolean arrays = !(bindable instanceof Typed typed) || typed.getElementType() == Object[].class;
    return new CalciteQuery(
        bindable,
        arrays,
        Map.copyOf(stashed),
        types,
        columns(validated, root),
        parameters,
        Explanation.of(physical));
  }

  private List<ResultColumn> columns(SqlNode validated, RelRoot root) {
    RelDataType row = validator.getValidatedNodeType(validated);
    List<@Nullable List<String>> origins = origins(validated);
    List<ResultColumn> columns = new ArrayList<>();
    for (RelDataTypeField field : row.getFieldList()) {
      List<String> origin =
          field.getIndex() < origins.size() ? origins.get(field.getIndex()) : null;
      int depth = origin == null ? 0 : origin.size();
      String label = root.fields.get(field.getIndex()).getValue();
      columns.add(
          new ResultColumn(
              label,
              origin == null || depth < 2 ? label : origin.get(depth - 1),
              origin == null || depth < 2 ? null : origin.get(depth - 2),
              TypeMapping.toLarder(field.getType()),
              field.getType().isNullable()));
    }
    return List.copyOf(columns);
  }

  @SuppressWarnings("MixedMutabilityReturnType") // Calcite's list holds nulls
  private List<@Nullable List<String>> origins(SqlNode validated) {
    List<List<String>> origins = validator.getFieldOrigins(validated);
    return origins == null ? List.of() : new ArrayList<@Nullable List<String>>(origins);
  }

  /** Returns the parameters with the types the validator found for them. */
  private List<ParameterInfo> parameters(SqlNode validated) {
    List<ParameterInfo> parameters = new ArrayList<>();
    validated.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlDynamicParam parameter) {
            while (parameters.size() <= parameter.getIndex()) {
              parameters.add(new ParameterInfo(DataType.ANY));
            }
            RelDataType type = validator.getValidatedNodeTypeIfKnown(parameter);
            DataType known = type == null ? DataType.ANY : TypeMapping.toLarder(type);
            parameters.set(parameter.getIndex(), new ParameterInfo(known));
            return null;
          }
        });
    return List.copyOf(parameters);
  }
}
