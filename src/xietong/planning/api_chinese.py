"""What the library's public names do, in Chinese; the English stands in their docstrings."""

from collections.abc import Mapping

_LANGUAGE = "`language` 取 `en`（英文）或 `zh`（中文）。"

CHINESE: Mapping[str, str] = {
    "Certificate": "证明计划有多好。`shortage` 是最大相对短缺，`shortages` 是各类中最大的；"
    "`objective`、`bound`、`gap` 取自差距最大的步骤 `step`，各步骤依次列在 `steps` 中。"
    "目标值都是占 1 的比例：需求满足的比例（`worst` 与各层次），以及可提供工时中留作闲暇的比例"
    "（`leisure`）。差距是（上界 − 目标值）÷ 上界；上界不足 0.01 时除以 0.01；"
    "闲暇的差距则除以 1 − 上界，即至少要付出的劳动。"
    "`valuation` 是影子价格所证明的最后一步的上界，没有影子价格时为 None。"
    "`harmony` 说明一个层次内的需求如何合计：分段（`segments`）或光滑（`smooth`）。",
    "Allowance": "某一事由的津贴：领取人数 `persons`，每人所得占劳动者平均所得的比例 `share`。",
    "Commitment": "一项期末库存承诺：`region` 要留下 `final` 单位的 `product`。"
    "如果冲突中只由它让步，它要少留 `short` 单位。",
    "CommonUse": "一轮承诺给一项公共需要的数量；用途 `purpose` 取 `PURPOSES` 之一。",
    "Comparison": "新计划 `plan` 与原计划 `before` 的对照：人们得到什么、放弃什么，"
    "都列成带名称的表。`economy` 是新计划所依据的经济数据，`why` 用中英文说明差别从何而来。"
    "各表中 `before`、`after` 是两份计划的数值，`difference` 是后者减前者；"
    "其中一方没有的，按 0 计。",
    "Comparison.needs": "各项需求每期的交付量（单位）及目标；`value` 是每单位的工时。",
    "Comparison.hours": "各地区、各工种每期的工时：可提供的与用去的。",
    "Comparison.means": "各生产资料每期的能力：可用的与用去的。",
    "Comparison.limits": "各限额每期的数量与占用。",
    "Comparison.steps": "各步骤达到的目标值，以比例计。",
    "Comparison.text": f"返回几行文字说明。{_LANGUAGE}",
    "Comparison.changed_needs": "`needs` 中有变化的各行，折合工时最多的在前。",
    "Conflict": "不能同时兑现的几项承诺：去掉其中任何一项，其余的就有计划能够兑现。",
    "Conflict.text": f"返回一句话。{_LANGUAGE}",
    "ContradictionError": "承诺与现有条件相矛盾；`conflicts` 列出各组冲突与数量。"
    "各组之间没有共同的承诺，每一组单独就足以使计划不可行。",
    "Delivery": "一项需求在一期中的所得：目标 `target` 与交付 `delivered`（单位），"
    "`share` 是二者之比。`valuation` 是再多一单位要从计划其他地方占用的工时，"
    "`worth` 是计划愿意为此付出的工时，`hours` 是一单位在各环节合计所需的劳动。",
    "Economy": "经过检查的经济数据；格式中的每张表都是一个属性，表中各列齐全，默认值已经填好，"
    "没有内容的表没有行。不要就地修改。构造时逐表检查："
    "`tables` 是以表名为键的数据框，`title` 是名称，`metadata` 是来源、许可与假定。"
    "有任何错误都会抛出 EconomyError，一次列出全部错误所在的表、行、列与改法。",
    "Economy.read": "读取文件夹 `path` 中的经济数据（CSV 或 Parquet）。"
    "读不出来或前后不一致时抛出 EconomyError，列出全部错误。",
    "Economy.write": "把经济数据写成 Frictionless 数据包。十万行以上的表用 Parquet，其余用 CSV。"
    "写不进去时抛出 OSError，不留下半成品。",
    "Economy.sha256": "各表的哈希值，与行的次序和文件形式无关。",
    "EconomyError": "无法据以编制计划的经济数据，或无法读取的计划；`faults` 列出全部错误。",
    "Explanation": "一项需求为何满足或削减。`deliveries` 每期一项。"
    "表 `hours` 是一单位所需的各工种工时；表 `scarce` 列出一单位占用的紧缺之物："
    "`quantity` 数量、`value` 折合工时、`share` 占影子价格的比例，"
    "以及该物多一单位可省下的工时 `rent`、可让这项需求多得的数量 `adds`。",
    "Explanation.text": f"返回说明文字，每期一段。{_LANGUAGE}",
    "Explanation.table": f"把 `scarce` 整理成便于展示的表，表头与类别用所选语言。{_LANGUAGE}",
    "Explanation.plot": f"画出影子价格的构成。{_LANGUAGE}"
    "没有安装 Altair，或所占用的都不紧缺时，抛出 PlanningError。",
    "Fault": "一处错误：在哪里、错在何处、应当怎样。`row` 从 1 数起，不计标题行；"
    "涉及整张表时 `row` 与 `column` 为 None。",
    "Fault.text": f"返回一句话。{_LANGUAGE}",
    "Good": "一种产品在一轮中的情况。`value` 是每单位的工时；`made`、`used`、`delivered`、"
    "`opening`、`closing` 取自计划：生产、耗用、交付、期初库存、期末库存；"
    "`promised` 是承诺给个人的整数单位，`by_need` 是其中试点地区按配额或免费得到的单位"
    "（在别处仍凭积分）。`stock` 是本轮开始时的实际库存，`normal` 是库存标准，"
    "`usual` 是上一轮的用量；`ordered`、`unmet` 是上一轮的订购量和其中被削减或缺货的数量，"
    "`before` 是上一轮的系数。`mode` 取 `credits`（凭积分）、`quota`（配额）或 `free`（免费）；"
    "可以订购（`orderable`）的产品才有积分价。",
    "Good.for_credits": "在试点之外是否凭积分分配给个人。",
    "Good.idle": "承诺的都领走以后，库存中超出标准的整数单位。",
    "Good.sold": "承诺给个人的单位中要凭积分领取的部分。",
    "Payout": "由 `PayoutBasis` 得出的结果，单位是千分之一积分，也就是千分之一工时。"
    "`deductions` 是各项扣除，次序同 `DEDUCTIONS`，为 0 的不列；`cost` 是承诺凭积分领取的产品的"
    "总积分价，`idle` 是超出库存标准的产品的总积分价，`claimable` 是可领取的总额，"
    "`per_hour` 是每小时所得，`allowances` 是各事由的津贴，`prices` 是各产品的积分价。",
    "PayoutBasis": "一轮的积分价与积分率所依据的全部数据。`hours` 是计划工时，"
    "`workers` 是劳动人数，`mean_factor` 是每小时平均折算的小时数；"
    "`band`、`pull`、`purse` 是表决通过的比例；`balances` 是"
    "本轮开始时各账户余额之和（千分之一积分）。",
    "PayoutFiles": "打包的积分核算及其依据；`sha256` 是证书的哈希值。",
    "Plan": "生产什么、在哪里、何时生产，每个人得到什么；每张表都是一个属性：`runs`、"
    "`deliveries`、`stocks`、`starts`、`prices`、`valuations`、`contents`、`labour_values`、"
    "`use_of_means`、`use_of_labour`、`use_of_limits`、`running`。"
    "`certificate` 证明它有多好；`economy` 是输入的 sha256，`made_from` 是经济数据本身"
    "（如果知道），`algorithm` 是算法版本，`digests` 是各表的 sha256，`seal` 是证书的封印。"
    "`print` 与笔记本会显示摘要。",
    "Plan.read": "读取文件夹中的计划，原样返回；是否属实由 `verify` 判断。"
    "给出 `economy`，计划便知道自己的来历。读不出来时抛出 EconomyError；"
    "若计划由别的经济数据得出，抛出 PlanningError。",
    "Plan.write": "把各表与 `certificate.json` 写成数据包。写不进去时抛出 OSError，不留下半成品。",
    "Plan.with_changes": "做出改动后重新编制，返回新旧计划的对照。各参数把代号对应到改动后的值："
    '数量（单位同该表），或原值的比例，如 `"90%"`。分布在多个地区的对象，'
    '须连同地区一起指明，如 `("nurse", "north")`；只给比例时不必。'
    "偏离原计划要付出一点代价，所以出现的差别都有缘由。\n\n"
    "- `weights`：需求的权重\n- `targets`：需求的目标，单位/期\n"
    "- `hours`：各工种可提供的工时，每期\n"
    "- `means`：生产资料的可用能力，每期；0 表示失去\n- `limits`：限额，每期\n"
    "- `stocks`：产品的期初库存\n- `harmony`：`segments` 或 `smooth`；不写则与原计划相同\n"
    "- `tolerance`、`time_limit`：同 `plan`\n\n"
    "代号不存在或数量无效时抛出 EconomyError，列出全部；"
    "不知道计划由哪份经济数据得出时抛出 PlanningError；其余同 `plan`。",
    "Plan.origin": "返回计划所依据的经济数据；不知道时抛出 PlanningError，"
    "可用 `Plan.read(文件夹, 经济数据)` 告知。",
    "Plan.explain": "说明一项需求为何满足或削减；没有这项需求时抛出 PlanningError。"
    "计划太大、没有逐项保存产品构成时，当场为这项需求推算，为此计划须知道自己的经济数据。",
    "Plan.met": "按层次返回需求总数、已满足的项数、最差与平均的满足比例。"
    "达到目标的 99.9999 % 即算满足。",
    "Plan.plot": "计划的图：`plot.needs()` 需求满足情况、`plot.bottlenecks()` 紧缺之物、"
    "`plot.flows()` 工时流向（桑基图）、`plot.prices()` 影子价格与劳动价值。"
    "参数：`language` 语言，`most` 最多几行。返回 Altair 图，可用 `.save` 存盘。",
    "Plan.bottlenecks": "返回紧缺的工种、生产资料与限额：可用 `available`、已用 `used`、"
    "多一单位可省工时 `valuation`、全部合计可省工时 `rent`，最紧缺的在前。",
    "Plan.to_pandas": "把各表转成 pandas 数据框，以表名为键。未安装 pandas 时抛出 PlanningError。",
    "Plan.summary": f"返回一页摘要。{_LANGUAGE}",
    "PlanningError": "可以用一句话向人说明的错误，中英文都有。",
    "PlanningError.text": f"返回这句话。{_LANGUAGE}",
    "Price": "每单位的积分价（千分之一积分），以及它偏离劳动价值的系数。",
    "Progress": "进度：共 `steps` 步，已完成 `done` 步，正在求解 `step`。"
    "求解器知道时，还有迭代次数 `iteration`、当前相对差距 `gap`、"
    "这一步预计还需的秒数 `seconds_left`。",
    "StepCertificate": "一个步骤：计划达到的目标值、任何计划至多能达到的上界，以及相对差距。"
    "上界针对在之前各步骤上不逊于本计划的计划。",
    "alternatives": "返回与 `plan` 几乎同样好、而彼此差别最大的至多 `count` 份计划，"
    "各与 `plan` 对照：这就是供人们表决的方案。\n\n"
    "- `plan`：最优计划，须知道自己由哪份经济数据得出\n"
    "- `differ_in`：按什么拉开差别。`leisure` 总工时更少，`skills` 各工种工时更少，"
    "`limits` 各限额（如碳排放）占用更少，`regions` 各地区的需求满足更多；也可只看一项："
    "`skill:nurse`、`limit:carbon`、`region:north`、`means:oven`（少用）、`need:bread`（多得）\n"
    "- `count`：至多几份\n"
    "- `within`：各步骤允许损失的比例\n\n"
    "每份计划都有证书，所用的是最优计划的价格：某一步骤的上界针对在之前各步骤上不逊于它的计划，"
    "所以前面让出的会使后面的差距变大；究竟让出多少，见 `Comparison.steps`。"
    "没有这种差别，或不知道经济数据时，抛出 PlanningError。\n\n"
    "来源：Brill 1979；DeCarolis 2011。",
    "labour_values": "返回各产品的劳动价值（工时/单位）。\n\n"
    "- `economy`：经济数据，各地区、各时期合计\n"
    "- `runs`：各工艺的运行次数（列 `technique`、`runs`），如 `Plan.runs`。"
    "不给出时采用经济数据中记录的 `runs`；再没有，则取劳动最少的工艺\n\n"
    "返回列 `product` 与 `hours`；用现有工艺无法净生产的产品为空值，没有工艺的为 0。"
    "`runs` 中有经济数据里没有的工艺时抛出 PlanningError。\n\n"
    "来源：Leontief 1941；工艺选择见 Samuelson 1951。",
    "payout": "返回一轮的扣除、积分价与积分率。公共需要的用途不明或产品不在产品表中，"
    "或没有人劳动时，抛出 PlanningError。\n\n来源：Marx 1875。",
    "plan": "编制计划：按人们选定的次序满足需求，并使劳动最少。\n\n"
    "- `economy`：有什么，需要什么\n"
    "- `start`：正在执行的计划；偏离它要付出一点代价。可以出自另一份经济数据。"
    "求解从它所在之处开始\n"
    "- `harmony`：`segments`（分段，用单纯形法求到顶点）或 `smooth`（光滑，让价格与各技术的次数"
    "相互应答，规模不限）；不写时，4000 条平衡以内用分段\n"
    "- `tolerance`：各步骤求解到的相对差距；不写时，分段为 1e-7，光滑为 1e-3\n"
    "- `time_limit`：秒数；到时返回已有的最好计划及其差距\n"
    "- `progress`：每步之前与最后各调用一次，耗时长的步骤途中也调用\n\n"
    "返回可执行的计划及其证书；按 Ctrl-C 也会结束求解，返回已有的最好计划。"
    "期末库存无法留足时抛出 ContradictionError；时限内一份计划也没有找到，"
    "或 `harmony` 不是这两种之一时，抛出 PlanningError。\n\n"
    "来源：Kantorovich 1939；Cockshott 与 Cottrell 1993；Isermann 1982（有次序的目标）。",
    "read_payout": "读取 `write_payout` 打包的内容，原样返回，不重新计算。"
    "有缺失或不是数字时抛出 PlanningError，指出文件、行与列。",
    "verify": "返回 `plan` 作为 `economy` 的计划有哪些不实之处；没有则为空。"
    "检查输入、各表与证书的哈希值，各表是否齐全、与经济数据及彼此是否一致，短缺是否都不超过 1e-6，"
    "并仅凭各表重新计算证书。",
    "verify_payout": "返回打包的积分核算中的错误；一切相符则为空。由依据重新算出每个积分价、"
    "每项扣除与积分率，并把每个文件与证书对照。证书是不是当初公布的那一份，"
    "只有它的 sha256 能说明。文件读不出来时抛出 PlanningError。",
    "write_payout": "算出一轮的积分核算，连同依据一起打包；同样的依据总得到同样的字节。"
    "抛出的错误同 `payout`。",
}
